import { Database } from "bun:sqlite";
import { describe, expect, spyOn, test } from "bun:test";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { drizzle } from "drizzle-orm/bun-sqlite";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isoTime } from "../../src/core/clock.ts";
import type { Topic } from "../../src/core/topic.ts";
import { migrate } from "../../src/store/sqlite/migrate.ts";
import { sliceQuery } from "../../src/store/sqlite/reads/replay.ts";
import * as schema from "../../src/store/sqlite/schema.ts";
import { ALL, resultOf, told } from "../suites/store-support.ts";
import { openStore, testFolder } from "./support.ts";

const { file, folder } = testFolder();
const CHANNEL: Topic = "channel:9";
const MIGRATIONS = join(import.meta.dir, "../../src/store/sqlite/migrations");

interface Journal {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** A copy of the migrations with another list of what belongs to them. */
function migrationsWith(name: string, change: (journal: Journal) => void): string {
  const copy = join(folder, name);
  cpSync(MIGRATIONS, copy, { recursive: true });
  const path = join(copy, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(path, "utf8")) as Journal;
  change(journal);
  writeFileSync(path, JSON.stringify(journal));
  return copy;
}

/** The migrations and one more, as the next version might bring it. */
function withOneMore(name: string, sql: string): string {
  const copy = migrationsWith(name, ({ entries }) => {
    const when = (entries.at(-1)?.when ?? 0) + 1;
    entries.push({ idx: entries.length, version: "6", when, tag: "9999_next", breakpoints: true });
  });
  writeFileSync(join(copy, "9999_next.sql"), sql);
  return copy;
}

/** A file as the version left it whose last migration was this. */
function fileOf(tag: string, nowMs: number): { path: string; db: Database } {
  const path = file();
  const db = new Database(path, { strict: true });
  const until = migrationsWith(tag, ({ entries }) => {
    entries.splice(entries.findIndex((entry) => entry.tag === tag) + 1);
  });
  migrate(db, nowMs, until);
  return { path, db };
}

describe("migrations", () => {
  test("make every table of schema.ts, column by column, STRICT", () => {
    const store = openStore(":memory:");
    for (const table of Object.values(schema).filter((value) => value instanceof SQLiteTable)) {
      const { name, columns } = getTableConfig(table);
      const made = store.client
        .query<{ name: string; type: string; notnull: number }, []>(`PRAGMA table_info(${name})`)
        .all();
      expect(
        made.map((column) => `${name}.${column.name} ${column.type} ${column.notnull}`).toSorted(),
      ).toEqual(
        columns
          .map(
            (column) =>
              `${name}.${column.name} ${column.getSQLType().toUpperCase()} ${Number(column.notNull)}`,
          )
          .toSorted(),
      );
    }
    const loose = store.client
      .query(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(loose).toEqual([{ name: "__drizzle_migrations" }]);
    store.close();
  });

  test("bring an older file up to date with what it has, and lock the older version out", () => {
    const path = file();
    const older = openStore(path);
    const [sent] = older.commit([told("channel:9", "kept")]);
    older.close();

    const migrationsFolder = withOneMore(
      "newer",
      "CREATE TABLE cats (name text);--> statement-breakpoint\nCREATE INDEX cats_by_name ON cats (name);",
    );
    const newer = openStore(path, { migrationsFolder });
    expect(newer.events(0, ALL.upTo, 10)).toEqual([...resultOf(sent).events]);
    expect(newer.client.query("SELECT * FROM cats").all()).toEqual([]);
    newer.close();

    expect(() => openStore(path)).toThrow(
      expect.objectContaining({ code: "STORE_NEWER", message: expect.stringContaining("newer version") }),
    );
    openStore(path, { migrationsFolder }).close();
  });

  test("move messages into the log, those too whose event was pruned", () => {
    const at = Date.parse("2026-02-01T10:00:00.000Z");
    const { path, db } = fileOf("0005_silenced_messages", at);
    const insert = db.prepare(
      "INSERT INTO messages VALUES ($id, 'channel:9', '5', 'Eve', $content, $metadata, $at, $edited, $deleted)",
    );
    const event = db.prepare(
      "INSERT INTO events VALUES ($id, 'message.created', 'channel:9', NULL, NULL, $data, '5', 'Eve', $at)",
    );
    const rows: { id: number; content: string | null; edited?: number; deleted?: number; said?: string }[] = [
      { id: 1, content: "old" },
      { id: 2, content: "old, edited", edited: at + 1 },
      { id: 3, content: null, deleted: at + 2 },
      { id: 4, content: "kept", said: "kept" },
      { id: 5, content: "kept, edited", edited: at + 3, said: "kep" },
      { id: 6, content: null, edited: at + 3, deleted: at + 4, said: "" },
    ];
    for (const { id, content, edited = null, deleted = null, said } of rows) {
      insert.run({ id, content, metadata: '{"a":[1,null]}', at: at + id, edited, deleted });
      if (said === undefined) continue;
      const data = {
        message_id: id,
        content: said,
        user_id: "5",
        username: "Eve",
        metadata: { a: [1, null] },
      };
      event.run({ id, data: JSON.stringify(data), at: at + id });
    }
    db.run("UPDATE counter SET last_event_id = 6, pruned_id = 3, kept = 3");
    db.close();

    const store = openStore(path);
    expect(store.messages(CHANNEL, { limit: 10 }).items).toEqual(
      rows.toReversed().map(({ id, content, edited, deleted }) => ({
        id,
        room: CHANNEL,
        user_id: "5",
        username: "Eve",
        content,
        metadata: { a: [1, null] },
        created_at: isoTime(at + id),
        edited_at: edited === undefined ? null : isoTime(edited),
        deleted_at: deleted === undefined ? null : isoTime(deleted),
      })),
    );
    expect(store.replay([CHANNEL], null, ALL).map(({ id, data }) => [id, data])).toEqual(
      [4, 5, 6].map((id) => [id, expect.objectContaining({ message_id: id })]),
    );
    expect(store.ends()).toEqual({ first: 4, last: 6 });
    store.close();
  });

  test("that fail leave the file as it was", () => {
    const path = file();
    openStore(path).close();
    const migrationsFolder = withOneMore(
      "broken",
      "CREATE TABLE cats (name text);--> statement-breakpoint\nALTER TABLE nowhere ADD COLUMN x text;",
    );
    expect(() => openStore(path, { migrationsFolder })).toThrow(
      expect.objectContaining({ code: "STORE_UNUSABLE" }),
    );
    const store = openStore(path);
    expect(store.client.query("SELECT name FROM sqlite_schema WHERE name = 'cats'").all()).toEqual([]);
    store.close();
  });
});

describe("query plans", () => {
  const plan = (db: Database, sql: string): string[] =>
    db
      .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => row.detail);

  test("replay merges one index search a way, without sorting", () => {
    const store = openStore(":memory:");
    const lines = plan(store.client, sliceQuery(drizzle(store.client), 3).toSQL().sql);
    store.close();
    const searches = lines.filter((line) => line.startsWith("SEARCH"));
    const times = (search: string) => searches.filter((line) => line === search).length;
    expect(times("SEARCH events USING INDEX events_by_topic (topic=? AND rowid>? AND rowid<?)")).toBe(3);
    expect(times("SEARCH room_messages USING PRIMARY KEY (topic=? AND message_id>? AND message_id<?)")).toBe(
      3,
    );
    expect(times("SEARCH event_topics USING PRIMARY KEY (topic=? AND event_id>? AND event_id<?)")).toBe(3);
    expect(times("SEARCH recipients USING PRIMARY KEY (user_id=? AND event_id>? AND event_id<?)")).toBe(1);
    expect(times("SEARCH events USING INTEGER PRIMARY KEY (rowid=?)")).toBe(2);
    expect(searches).toHaveLength(12);
    expect(lines.filter((line) => line.startsWith("MERGE (UNION)"))).toHaveLength(10);
    // The newest messages are handed over, no more than the slice has.
    expect(lines.filter((line) => /^SCAN|TEMP B-TREE/.test(line))).toEqual([
      "SCAN json_each VIRTUAL TABLE INDEX 1:",
      "USE TEMP B-TREE FOR ORDER BY",
    ]);
  });

  test("membership is searched by primary keys", () => {
    const statements = preparedAtOpen().filter(
      ({ sql }) => /"members"/.test(sql) && sql.startsWith("select"),
    );
    const lines = statements
      .flatMap(({ lines }) => lines)
      .filter((line) => line.startsWith("SEARCH members"));
    expect(lines).toContain("SEARCH members USING PRIMARY KEY (topic=? AND user_id=?)");
    expect(statements.flatMap(({ lines }) => lines).filter((line) => line.startsWith("SCAN"))).toEqual([]);
  });

  test("no statement scans a table, but those that read all of one", () => {
    const scans = preparedAtOpen().flatMap(({ sql, lines }) =>
      lines.filter((line) => /^SCAN (?!json_each)/.test(line)).map((line) => `${line}: ${sql}`),
    );
    expect(scans.map((scan) => scan.slice(0, scan.indexOf(":"))).toSorted()).toEqual([
      // The ids of a page of messages, from either end.
      "SCAN (subquery-1)",
      "SCAN (subquery-1)",
      "SCAN api_keys",
      ...Array.from({ length: 8 }, () => "SCAN counter"),
      // How many notifications there are.
      "SCAN recipients USING COVERING INDEX recipients_by_event",
      "SCAN users USING COVERING INDEX users_by_seen",
    ]);
  });

  /** Every statement that opening prepares, with its plan. */
  function preparedAtOpen(): { sql: string; lines: string[] }[] {
    const prepare = spyOn(Database.prototype, "prepare");
    const store = openStore(":memory:");
    const statements = prepare.mock.calls
      .map(([sql]) => sql)
      .filter((sql) => /^(select|insert into|update|delete)/.test(sql));
    prepare.mockRestore();
    expect(statements.length).toBeGreaterThan(40);
    const plans = statements.map((sql) => ({ sql, lines: plan(store.client, sql) }));
    store.close();
    return plans;
  }
});
