/**
 * No wire changes silently: every dialect's frames, paths and bodies are hashed, and a changed
 * hash needs a higher version. `UPDATE_WIRE_CONTRACT=1` writes the table of the versions in the code.
 */
import { createHash } from "node:crypto";
import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { DIALECTS } from "../../src/dialects/all.ts";
import type { Dialect } from "../../src/dialects/dialect.ts";

interface Entry {
  readonly version: number;
  readonly hash: string;
}

const TABLE = new URL("wire-contract.json", import.meta.url);
const COMMAND = "UPDATE_WIRE_CONTRACT=1 bun test test/dialects/wire-contract.test.ts";

type Io = "input" | "output";

const schemaOf = (schema: z.ZodType, io: Io): unknown =>
  z.toJSONSchema(schema, { io, unrepresentable: "any" });

const framesOf = (frames: Readonly<Record<string, z.ZodType>>, io: Io): unknown =>
  Object.entries(frames)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => [name, schemaOf(schema, io)]);

/**
 * What the dialect says and reads, and where. Fields stay in the order in which they are written:
 * that is part of the wire. The order of the tables is not, nor are words for readers.
 */
const wireOf = ({ frames, sockets, endpoints }: Dialect): unknown => ({
  client: framesOf(frames.client, "input"),
  server: framesOf(frames.server, "output"),
  sockets: sockets.map(({ path }) => path),
  endpoints: endpoints.map(({ method, path, body, required, response, status }) => ({
    method,
    path,
    body: body === undefined ? null : schemaOf(body, "input"),
    required: required ?? [],
    response: response === undefined ? null : schemaOf(response, "output"),
    status,
  })),
});

const hashOf = (dialect: Dialect): string =>
  createHash("sha256")
    .update(JSON.stringify(withoutWords(wireOf(dialect))))
    .digest("hex");

/** Descriptions may be made better without a new version; a property of that name is no description. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => key !== "$schema" && !(key === "description" && typeof inner === "string"),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutWords(inner)]));
}

/** What is wrong with the table's entry of a dialect, and what to do; null where nothing is. */
function problem(name: string, now: Entry, noted: Entry | undefined): string | null {
  if (noted === undefined) return `${name} is not in wire-contract.json. Run: ${COMMAND}`;
  if (noted.version === now.version && noted.hash === now.hash) return null;
  if (noted.version === now.version) {
    return `The wire of ${name} has changed. Clients are out there: if it was meant, raise \`version\` in src/dialects/${name}/index.ts to ${now.version + 1}, then run: ${COMMAND}`;
  }
  if (noted.version > now.version)
    return `${name} has version ${now.version}, but ${noted.version} was there before. Versions only rise.`;
  return `${name} has a new version, ${now.version}. Note its hash: ${COMMAND}`;
}

const file = Bun.file(TABLE);
const noted: Readonly<Record<string, Entry>> = (await file.exists()) ? await file.json() : {};
const now = Object.fromEntries(
  DIALECTS.map((dialect): [string, Entry] => [
    dialect.name,
    { version: dialect.version, hash: hashOf(dialect) },
  ]),
);

/** The new and the risen are noted; a change under the same version stays a failure. */
const updated = (): Readonly<Record<string, Entry>> =>
  Object.fromEntries(
    Object.entries(now).map(([name, entry]) => {
      const before = noted[name];
      return [name, before === undefined || entry.version > before.version ? entry : before];
    }),
  );

const table = process.env.UPDATE_WIRE_CONTRACT === "1" ? updated() : noted;
if (table !== noted) await Bun.write(TABLE, `${JSON.stringify(table, null, 2)}\n`);

describe("the wire of each dialect is the one that was noted under its version", () => {
  for (const { name } of DIALECTS) {
    test(name, () => expect(problem(name, now[name]!, table[name])).toBeNull());
  }

  test("no dialect has vanished", () => {
    expect(Object.keys(table).toSorted()).toEqual(DIALECTS.map(({ name }) => name).toSorted());
  });
});

describe("the check itself", () => {
  const chat = DIALECTS.find(({ name }) => name === "chat")!;
  const before: Entry = { version: chat.version, hash: hashOf(chat) };
  const changed = (server: Record<string, z.ZodType>): Dialect => ({
    ...chat,
    frames: { ...chat.frames, server: { ...chat.frames.server, ...server } },
  });

  test("sees a retyped, a renamed and a reordered field, a new frame and a moved path", () => {
    const variants: Dialect[] = [
      changed({
        pong: z.object({
          type: z.literal("pong"),
          data: z.object({ timestamp: z.number() }),
          timestamp: z.string(),
        }),
      }),
      changed({
        pong: z.object({
          type: z.literal("pong"),
          data: z.object({ time: z.string() }),
          timestamp: z.string(),
        }),
      }),
      changed({
        pong: z.object({
          data: z.object({ timestamp: z.string() }),
          type: z.literal("pong"),
          timestamp: z.string(),
        }),
      }),
      changed({ another: z.object({}) }),
      { ...chat, sockets: chat.sockets.map((socket) => ({ ...socket, path: `${socket.path}2` })) },
    ];
    const hashes = variants.map(hashOf);
    expect(new Set([before.hash, ...hashes]).size).toBe(variants.length + 1);
    for (const hash of hashes)
      expect(problem("chat", { ...before, hash }, before)).toContain("raise `version`");
  });

  test("does not see better words", () => {
    const { pong } = chat.frames.server;
    expect(hashOf(changed({ pong: pong!.meta({ description: "Alive." }) }))).toBe(before.hash);
  });

  test("wants a risen version noted, and no lower one", () => {
    expect(problem("chat", { version: 2, hash: "b" }, { version: 1, hash: "a" })).toContain(COMMAND);
    expect(problem("chat", { version: 1, hash: "a" }, { version: 2, hash: "a" })).toContain("only rise");
    expect(problem("chat", { version: 1, hash: "a" }, undefined)).toContain(COMMAND);
  });
});
