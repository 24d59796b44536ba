/** A guide as data, read from its Markdown when the pages are built: nothing is parsed in the browser. */
export type MarkdownNode = string | MarkdownElement;

/** `["a", { href: "resume.md" }, "Resume"]` */
export type MarkdownElement = readonly [
  tag: string,
  props: Readonly<Record<string, string | number>>,
  ...children: MarkdownNode[],
];

/** The text of a node and of all in it. */
export const textOf = (node: MarkdownNode): string =>
  typeof node === "string" ? node : childrenOf(node).map(textOf).join("");

export const childrenOf = ([, , ...children]: MarkdownElement): readonly MarkdownNode[] => children;
