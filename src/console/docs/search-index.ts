import { EVENT_KINDS } from "../../core/event.ts";
import { DIALECT_GUIDES, type Content, guideNamed, guideNames, sectionsOf, titleOf } from "./guides.ts";
import type { Contracts } from "./loaded.ts";
import { guideHref } from "./markdown.tsx";
import { hrefOf } from "./route.ts";

export interface Hit {
  readonly title: string;
  /** What it is part of: the guide, the dialect, the tag. */
  readonly where: string;
  readonly href: string;
}

interface Entry extends Hit {
  /** Lower case, without the title. */
  readonly text: string;
}

const MAX_HITS = 12;

/** Everything that can be found. */
export function searchIndex(contracts: Contracts | null): readonly Entry[] {
  return [
    ...guideNames().flatMap((name) => guideEntries(name, guideNamed(name) ?? [])),
    ...Object.entries(DIALECT_GUIDES).flatMap(([name, content]) => guideEntries(`dialect-${name}`, content)),
    ...Object.entries(EVENT_KINDS).map(([kind, { summary }]) =>
      entry(kind, "Event", hrefOf("events", kind), summary),
    ),
    ...(contracts?.tags ?? []).flatMap(({ name, operations }) =>
      operations.map(({ id, method, path, summary, description }) =>
        entry(`${method} ${path}`, name, hrefOf("http", name, id), `${summary} ${description}`),
      ),
    ),
    ...(contracts?.dialects ?? []).flatMap(({ name, messages }) =>
      messages.map((message) =>
        entry(
          message.name,
          `${name}, ${message.from === "client" ? "sent" : "heard"}`,
          hrefOf("websocket", name, messageId(message)),
          message.summary,
        ),
      ),
    ),
  ];
}

/** Names a frame on its dialect's page. */
export const messageId = ({ from, name }: { readonly from: string; readonly name: string }): string =>
  `${from === "client" ? "send" : "hear"}-${name}`;

function guideEntries(file: string, content: Content): readonly Entry[] {
  const title = titleOf(content);
  return sectionsOf(content).map((section, at) =>
    at === 0
      ? entry(title, "Guide", guideHref(file), section.text)
      : entry(section.title, title, guideHref(file, section.id), section.text),
  );
}

const entry = (title: string, where: string, href: string, text: string): Entry => ({
  title,
  where,
  href,
  text: text.toLowerCase(),
});

/** Entries with every word of the query, those that name it first. */
export function search(index: readonly Entry[], query: string): readonly Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return index
    .map((found) => ({ found, score: scoreOf(found, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, MAX_HITS)
    .map(({ found }) => found);
}

/** 0 where a word is missing. A title weighs more than a text, its beginning most. */
function scoreOf({ title, where, text }: Entry, words: readonly string[]): number {
  const name = title.toLowerCase();
  let score = 0;
  for (const word of words) {
    if (name === word) score += 40;
    else if (name.startsWith(word)) score += 20;
    else if (name.includes(word)) score += 10;
    else if (where.toLowerCase().includes(word)) score += 4;
    else if (text.includes(word)) score += 1;
    else return 0;
  }
  return score;
}
