import { type ComponentChildren, h, type VNode } from "preact";
import { Code } from "./code.tsx";
import { childrenOf, type MarkdownElement, type MarkdownNode, textOf } from "./markdown-node.ts";
import { hrefOf } from "./route.ts";

/** Where the headings of a page are linked from: `#/guide/resume/` and the heading's id. */
interface Place {
  readonly hrefOfHeading: (id: string) => string;
  /** 1 where the guide is only a part of its page: its first heading is the page's own. */
  readonly skip?: number;
}

export function Markdown({
  content,
  skip = 0,
  hrefOfHeading,
}: Place & { readonly content: readonly MarkdownNode[] }) {
  const nodes = content.slice(skip).map((node) => rendered(node, hrefOfHeading));
  return <div class="prose">{nodes}</div>;
}

function rendered(node: MarkdownNode, hrefOfHeading: Place["hrefOfHeading"]): ComponentChildren {
  if (typeof node === "string") return node;
  const [tag, props] = node;
  const inside = (): ComponentChildren[] => childrenOf(node).map((child) => rendered(child, hrefOfHeading));
  switch (tag) {
    case "pre":
      return <Code text={textOf(node)} language={String(props["language"] ?? "")} />;
    case "a":
      return <Link href={String(props["href"] ?? "")}>{inside()}</Link>;
    case "table":
      return <WideTable node={node}>{inside()}</WideTable>;
    case "h2":
    case "h3":
    case "h4":
      return heading(tag, String(props["id"] ?? ""), inside(), hrefOfHeading);
    case "th":
      return h(tag, { scope: "col" }, inside());
    default:
      return h(tag, { ...props }, inside());
  }
}

/** A heading with a link to itself. */
export function heading(
  tag: "h2" | "h3" | "h4",
  id: string,
  children: ComponentChildren,
  hrefOfHeading: Place["hrefOfHeading"],
): VNode {
  const Tag = tag;
  return (
    <Tag id={id} tabIndex={-1}>
      {children}
      <a class="anchor" href={hrefOfHeading(id)} aria-label="Link to this section">
        #
      </a>
    </Tag>
  );
}

/** Wide tables scroll by themselves, with the keyboard too. */
function WideTable({
  node,
  children,
}: {
  readonly node: MarkdownElement;
  readonly children: ComponentChildren;
}) {
  const columns = cells(childrenOf(node)[0]).join(", ");
  return (
    <div class="scroll" role="group" aria-label={`Table: ${columns}`} tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

/** The texts of the cells of a table's head. */
const cells = (node: MarkdownNode | undefined): readonly string[] =>
  node === undefined || typeof node === "string"
    ? []
    : node[0] === "th"
      ? [textOf(node)]
      : childrenOf(node).flatMap(cells);

/** Links between guides are links between files, so that they work beside the source too. */
function Link({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
  const [, file, part] = /^([\w-]+)\.md(?:#(.+))?$/.exec(href) ?? [];
  if (file !== undefined) return <a href={guideHref(file, part)}>{children}</a>;
  if (href.startsWith("/docs#")) return <a href={href.slice("/docs".length)}>{children}</a>;
  return <a href={href}>{children}</a>;
}

export function guideHref(file: string, part?: string): string {
  const dialect = /^dialect-(.+)$/.exec(file)?.[1];
  const names = [dialect ?? file, ...(part === undefined ? [] : [part])];
  return hrefOf(dialect === undefined ? "guide" : "websocket", ...names);
}
