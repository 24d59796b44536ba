/** Compiled by `app/pages-markdown.ts`. */
declare module "*.md" {
  export const content: readonly import("./markdown-node.ts").MarkdownNode[];
}
