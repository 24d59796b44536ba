import type { ComponentChildren } from "preact";
import { Copy } from "./copy.tsx";

const NAMES: Readonly<Record<string, string>> = { sh: "shell", ts: "TypeScript", json: "JSON" };

/** A listing that scrolls by itself and can be copied. */
export function Code({
  text,
  language,
  label,
}: {
  readonly text: string;
  readonly language: string;
  readonly label?: string;
}) {
  const shown = text.replace(/\n$/, "");
  const name = label ?? `Listing${language === "" ? "" : `, ${NAMES[language] ?? language}`}`;
  return (
    <div class="listing">
      {/* Overflowing text must be reachable by the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={name}>
        <code>{painted(shown, language)}</code>
      </pre>
      <Copy text={shown} />
    </div>
  );
}

/** Kinds of words in a listing, by the class that colours them; the first group that matches counts. */
const WORDS: Readonly<Record<string, RegExp>> = {
  json: /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d+(?:\.\d+)?\b|\b(?:true|false|null)\b)/g,
  sh: /(?<comment>(?<=^|\s)#.*$)|(?<text>"[^"]*"|'[^']*')|(?<key>(?<=^|\|\s*)(?:dragoman|curl|wscat|docker|bun|npx|systemctl|sudo)\b)/gm,
  ts: /(?<comment>\/\/.*$)|(?<text>"(?:[^"\\]|\\.)*"|`[^`]*`)|(?<key>\b(?:import|from|export|const|let|await|async|using|for|of|if|else|return|new|function|type|interface)\b)|(?<number>\b\d[\d_]*\b)/gm,
};

function painted(text: string, language: string): ComponentChildren {
  const words = WORDS[language];
  if (words === undefined) return text;
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(words)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    parts.push(text.slice(end, match.index), <span class={`word-${kind}`}>{match[0]}</span>);
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}
