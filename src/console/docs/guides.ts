import { content as access } from "./guides/access.md";
import { content as closes } from "./guides/closes.md";
import { content as commandLine } from "./guides/command-line.md";
import { content as concepts } from "./guides/concepts.md";
import { content as deployment } from "./guides/deployment.md";
import { content as chat } from "./guides/dialect-chat.md";
import { content as diary } from "./guides/dialect-diary.md";
import { content as native } from "./guides/dialect-native.md";
import { content as notifier } from "./guides/dialect-notifier.md";
import { content as onetaskV1 } from "./guides/dialect-onetask-v1.md";
import { content as onetask } from "./guides/dialect-onetask.md";
import { content as embedding } from "./guides/embedding.md";
import { content as errors } from "./guides/errors.md";
import { content as http } from "./guides/http.md";
import { content as fromChat } from "./guides/migrate-chat.md";
import { content as fromDiary } from "./guides/migrate-diary.md";
import { content as fromNotifier } from "./guides/migrate-notifier.md";
import { content as fromOnetaskV1 } from "./guides/migrate-onetask-v1.md";
import { content as fromOnetask } from "./guides/migrate-onetask.md";
import { content as monitoring } from "./guides/monitoring.md";
import { content as resume } from "./guides/resume.md";
import { content as sdk } from "./guides/sdk.md";
import { content as settings } from "./guides/settings.md";
import { content as start } from "./guides/start.md";
import { type MarkdownElement, type MarkdownNode, textOf } from "./markdown-node.ts";

export type Content = readonly MarkdownNode[];

/** Every guide by the name of its file, in the order of the menu. */
const GUIDES: Readonly<Record<string, Content>> = {
  start,
  concepts,
  resume,
  access,
  http,
  sdk,
  "command-line": commandLine,
  embedding,
  deployment,
  monitoring,
  closes,
  errors,
  settings,
  "migrate-onetask": fromOnetask,
  "migrate-onetask-v1": fromOnetaskV1,
  "migrate-chat": fromChat,
  "migrate-diary": fromDiary,
  "migrate-notifier": fromNotifier,
};

/** The guide of a dialect stands before its frames. */
export const DIALECT_GUIDES: Readonly<Record<string, Content>> = {
  onetask,
  "onetask-v1": onetaskV1,
  chat,
  diary,
  notifier,
  native,
};

export const GUIDE_GROUPS = [
  {
    title: "Guides",
    names: [
      "start",
      "concepts",
      "resume",
      "access",
      "http",
      "sdk",
      "command-line",
      "embedding",
      "deployment",
      "monitoring",
    ],
  },
  { title: "Reference", names: ["closes", "errors", "settings"] },
  {
    title: "Coming from",
    names: ["migrate-onetask", "migrate-onetask-v1", "migrate-chat", "migrate-diary", "migrate-notifier"],
  },
] as const;

export const guideNamed = (name: string): Content | null => GUIDES[name] ?? null;
export const guideNames = (): readonly string[] => Object.keys(GUIDES);

/** Its first heading. */
export function titleOf(content: Content): string {
  const heading = content.find(isElement);
  return heading === undefined ? "" : textOf(heading);
}

/** A heading of a guide, with the text that follows it, up to the next one. */
export interface Section {
  readonly id: string;
  readonly level: number;
  readonly title: string;
  readonly text: string;
}

/** A guide cut at its headings; the first section is the guide's own. */
export function sectionsOf(content: Content): readonly Section[] {
  const sections: Section[] = [];
  for (const node of content) {
    const level = isElement(node) ? levelOf(node) : null;
    if (isElement(node) && level !== null) {
      sections.push({ id: String(node[1]["id"] ?? ""), level, title: textOf(node), text: "" });
      continue;
    }
    const last = sections.pop();
    if (last !== undefined) sections.push({ ...last, text: `${last.text} ${textOf(node)}` });
  }
  return sections;
}

const isElement = (node: MarkdownNode): node is MarkdownElement => typeof node !== "string";

const levelOf = ([tag]: MarkdownElement): number | null => (/^h[1-6]$/.test(tag) ? Number(tag[1]) : null);
