import type { VNode } from "preact";

/** A line of the contract: what stands between backticks is code. */
export const Words = ({ text }: { readonly text: string }): VNode => (
  <>{text.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>
);
