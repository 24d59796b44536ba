import { chat } from "./chat/index.ts";
import { diary } from "./diary/index.ts";
import type { Dialect } from "./dialect.ts";
import { native } from "./native/index.ts";
import { notifier } from "./notifier/index.ts";
import { onetaskV1 } from "./onetask-v1/index.ts";
import { onetask } from "./onetask/index.ts";

/** Every dialect that the server speaks, and the document that it comes from. */
export const DIALECTS: readonly Dialect[] = [
  onetask, // 000
  onetaskV1, // 001
  chat, // 002
  diary, // 003
  notifier, // 004
  native, // ours
];
