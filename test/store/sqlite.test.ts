import { afterAll, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, type Clock } from "../../src/core/clock.ts";
import { openDatabase } from "../../src/store/sqlite/database.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/open.ts";
import { storeSuite } from "../suites/store.ts";
import type { SeedTask, StoreUnderTest } from "../suites/store-support.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "dragoman-store-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
