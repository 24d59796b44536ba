import { chat } from "./chat/index.ts";
import { diary } from "./diary/index.ts";
import type { Dialect } from "./dialect.ts";
import { native } from "./native/index.ts";
import { notifier } from "./notifier/index.ts";
import { onetaskV1 } from "./onetask-v1/index.ts";
import { onetask } from "./onetask/index.ts";

/** Every dialect that the server speaks, one line each. */
export const DIALECTS: readonly Dialect[] = [onetask, onetaskV1, chat, diary, notifier, native];
