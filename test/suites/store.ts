import { describe } from "bun:test";
import { storeAccessSuite } from "./store-access.ts";
import { storeContentSuite } from "./store-content.ts";
import { storeInboxSuite } from "./store-inbox.ts";
import { storeLogSuite } from "./store-log.ts";
import { storeOnceSuite } from "./store-once.ts";
import { storePagesSuite } from "./store-pages.ts";
import { storePruneSuite } from "./store-prune.ts";
import { storeReplaySuite } from "./store-replay.ts";
import { storeRoomSuite } from "./store-rooms.ts";
import { storeSecuritySuite } from "./store-security.ts";
import type { OpenStore } from "./store-support.ts";
import { storeTaskLifeSuite } from "./store-task-life.ts";
import { storeTaskPropertySuite } from "./store-task-property.ts";
import { storeTaskSuite } from "./store-tasks.ts";
import { storeUsersSuite } from "./store-users.ts";

/** What every store promises, tried through `commit` and the reads only. */
export function storeSuite(name: string, open: OpenStore): void {
  describe(name, () => {
    storeLogSuite(open);
    storeContentSuite(open);
    storeTaskSuite(open);
    storeTaskLifeSuite(open);
    storeTaskPropertySuite(open);
    storeAccessSuite(open);
    storePagesSuite(open);
    storeRoomSuite(open);
    storeReplaySuite(open);
    storeInboxSuite(open);
    storeOnceSuite(open);
    storePruneSuite(open);
    storeSecuritySuite(open);
    storeUsersSuite(open);
  });
}
