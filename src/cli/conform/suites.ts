import { dialectNamed } from "../../app/dialects.ts";
import type { Suite } from "./check.ts";
import { chat } from "./checks/chat.ts";
import { diary } from "./checks/diary.ts";
import { nativeSuite } from "./checks/native.ts";
import { notifier } from "./checks/notifier.ts";
import { onetaskV1 } from "./checks/onetask-v1.ts";
import { onetask } from "./checks/onetask.ts";
import type { FrameSchema } from "./notebook.ts";

export const SUITES: readonly Suite[] = [onetask, onetaskV1, chat, diary, notifier, nativeSuite];

/** The dialect's own table of what servers send. */
export const schemasOf = (suite: Suite): Readonly<Record<string, FrameSchema>> =>
  dialectNamed(suite.dialect)?.frames.server ?? {};

/** Every `type` that these frames have. */
export function typesOf(suite: Suite): ReadonlySet<string> {
  const shapes = Object.values(dialectNamed(suite.dialect)?.frames.server ?? {}).map(
    (schema) => (schema as { shape?: { type?: { value?: unknown } } }).shape?.type?.value,
  );
  return new Set([...shapes.filter((type) => typeof type === "string"), "resumed"]);
}
