import type { BunPlugin } from "bun";
import type { MarkdownElement, MarkdownNode } from "../console/docs/markdown-node.ts";

/** Marks of generated parts; see scripts/docs.ts. */
const COMMENT = /^<!--.*?-->\s*$/gms;

/** Lets a page import its guides: `import { content } from "./start.md"`. Pictures in them are built along. */
export const MARKDOWN: BunPlugin = {
  name: "markdown",
  setup(build) {
    build.onLoad({ filter: /\.md$/ }, async ({ path }) => {
      return { contents: moduleOf(markdownNodes(await Bun.file(path).text())), loader: "js" };
    });
  },
};

/** The address of a picture is known only when it is built: the module asks for it by an import. */
function moduleOf(nodes: readonly MarkdownNode[]): string {
  const imports: string[] = [];
  const content = JSON.stringify(nodes).replaceAll(/"src":("\.\.?\/[^"]+")/g, (_all, file: string) => {
    imports.push(`import picture${imports.length} from ${file};`);
    return `"src":picture${imports.length - 1}`;
  });
  return [...imports, `export const content = ${content};`].join("\n");
}

/** Markdown as a tree of tags and texts; HTML in it stays text. */
export function markdownNodes(markdown: string): readonly MarkdownNode[] {
  const page = Bun.markdown.react(markdown.replace(COMMENT, ""), undefined, { headings: { ids: true } });
  return nodesOf((page as Parsed).props.children);
}

/** What Bun's parser makes of it: the elements of another library. */
interface Parsed {
  readonly type: string;
  readonly props: Readonly<Record<string, string | number>> & { readonly children?: readonly ParsedNode[] };
}
type ParsedNode = string | Parsed;

/** Texts that follow each other become one. */
function nodesOf(children: readonly ParsedNode[] = []): MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  for (const child of children) {
    const last = nodes.at(-1);
    if (typeof child !== "string") nodes.push(elementOf(child));
    else if (typeof last === "string") nodes[nodes.length - 1] = last + child;
    else nodes.push(child);
  }
  return nodes;
}

function elementOf({ type, props: { children, ...props } }: Parsed): MarkdownElement {
  return [type, props, ...nodesOf(children)];
}
