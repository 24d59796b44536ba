import type { ComponentChildren, VNode } from "preact";
import { CodeBlock } from "./code.tsx";

/** A key, a text, or a number, true, false or null, as JSON.stringify writes them. */
const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Coloured, but the same text to whoever reads or copies it. */
export function highlighted(text: string): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [all, quoted, colon = ""] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    if (quoted === undefined) parts.push(<span class="json-other">{all}</span>);
    else parts.push(<span class={colon === "" ? "json-text" : "json-key"}>{quoted}</span>, colon);
    end = match.index + all.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** A value of JSON to be read and copied. */
export function JsonBlock({
  value,
  label = "Copy the JSON",
}: {
  readonly value: unknown;
  readonly label?: string;
}): VNode {
  const text = JSON.stringify(value, null, 2);
  return <CodeBlock text={text} shown={highlighted(text)} label={label} />;
}

/** A text laid out as JSON; as it is where it is none. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
