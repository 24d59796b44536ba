import type { ComponentChildren, VNode } from "preact";
import { CodeBlock } from "../lib/code.tsx";
import { highlighted } from "../lib/json.tsx";

const NAMES: Readonly<Record<string, string>> = {
  sh: "the commands",
  ts: "the program",
  json: "the JSON",
  py: "the program",
};

/** A listing, coloured where its language is known. */
export function Code({
  text,
  language,
  label,
  copies,
}: {
  readonly text: string;
  readonly language: string;
  /** What it is: `the answer`. */
  readonly label?: string;
  /** What is copied where it is not what is shown: with a token in it. */
  readonly copies?: string;
}): VNode {
  const shown = text.replace(/\n$/, "");
  return (
    <CodeBlock
      text={copies ?? copied(shown, language)}
      shown={painted(shown, language)}
      label={`Copy ${label ?? NAMES[language] ?? "the listing"}`}
      wrap={language === "json"}
    />
  );
}

/** What is typed into a socket is no command: without it, the lines can be pasted into a shell. */
function copied(text: string, language: string): string {
  const lines = text.split("\n");
  const commands = lines.filter((line) => !line.startsWith("> "));
  return language === "sh" && commands.length < lines.length ? commands.join("\n") : text;
}

/** Kinds of words in a listing, by the class that colours them; the first group that matches counts. */
const WORDS: Readonly<Record<string, RegExp>> = {
  sh: /(?<note>(?<=^|\s)#.*$)|(?<text>"[^"]*"|'[^']*')|(?<key>(?<=^|\|\s*|\$\()(?:dragoman|curl|wscat|docker|bun|npx|sudo|export|journalctl)\b)|(?<prompt>^>)/gm,
  ts: /(?<note>\/\/.*$)|(?<text>"(?:[^"\\]|\\.)*"|`[^`]*`)|(?<key>\b(?:import|from|export|const|let|await|async|using|for|of|if|else|return|new|function|type|interface|try|catch|instanceof|void)\b)|(?<other>\b\d[\d_]*\b|\b(?:true|false|null|undefined)\b)/gm,
};
const CLASSES: Readonly<Record<string, string>> = {
  note: "dim",
  prompt: "dim",
  text: "json-text",
  key: "json-key",
  other: "json-other",
};

function painted(text: string, language: string): ComponentChildren {
  if (language === "json") return highlighted(text);
  const words = WORDS[language];
  if (words === undefined) return text;
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(words)) {
    const [kind = ""] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    parts.push(text.slice(end, match.index), <span class={CLASSES[kind]}>{match[0]}</span>);
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}
