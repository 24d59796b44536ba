import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signHs256 } from "../../src/auth/sign.ts";
import { type Program, start } from "../cli/program.ts";
import { Load, type Target, type Witness } from "./load.ts";

/** `KILLS=50 bun test test/durability` is the long variant. */
const KILLS = Number(process.env["KILLS"] ?? 3);
const SECRET = "a secret of the durability test only";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dragoman-kill-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sign = (sub: string, claims: object = {}): string =>
  signHs256({ sub, username: `user${sub}`, exp: Math.floor(Date.now() / 1000) + 3600, ...claims }, SECRET);

async function serve(): Promise<{ readonly program: Program; readonly target: Target }> {
  const program = start(["serve", "--port", "0", "--host", "127.0.0.1", "--access", "open"], {
    env: {
      DATA_DIR: folder,
      JWT_SECRET: SECRET,
      LOG_FORMAT: "json",
      RATE_LIMIT_HTTP: "0",
      RATE_LIMIT_FRAMES: "0",
    },
  });
  const url = await program.listening();
  const target = {
    url,
    wsUrl: url.replace("http", "ws"),
    tokenOf: sign,
    adminToken: sign("101", { role: "admin" }),
  };
  return { program, target };
}

/** What must hold of the file, whenever the process was killed. */
function examine(witness: Witness): void {
  const db = new Database(join(folder, "dragoman.db"));
  try {
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    const { first, last, count } = db
      .prepare("SELECT min(id) AS first, max(id) AS last, count(*) AS count FROM events")
      .get() as Record<string, number>;
    expect([count, last]).toEqual([
      (last as number) - (first as number) + 1,
      (db.prepare("SELECT last_event_id AS last FROM counter").get() as { last: number }).last,
    ]);
    const stored = new Map(
      (db.prepare("SELECT id, kind FROM events").all() as { id: number; kind: string }[]).map(
        ({ id, kind }) => [id, kind],
      ),
    );
    const lost = [...witness.seen].filter(
      ([id, what]) => !stored.has(id) || (what !== "" && !what.startsWith(`${stored.get(id)}:`)),
    );
    expect(lost).toEqual([]);
  } finally {
    db.close();
  }
}

test(
  `killed at any moment (${KILLS} times), the server has every event that anybody saw or was answered for`,
  async () => {
    const witness: Witness = { seen: new Map() };
    let next = 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1500 }), async (framesUntilKill) => {
        const { program, target } = await serve();
        const load = new Load(target, witness, next);
        let left = framesUntilKill;
        const killed = new Promise<void>((resolve) => {
          load.onSeen = () => {
            if (--left > 0) return;
            program.child.kill("SIGKILL");
            resolve();
          };
        });
        await load.start();
        await killed;
        await program[Symbol.asyncDispose]();
        load.stop();
        next = load.nextNumber;
        examine(witness);
      }),
      { numRuns: KILLS, endOnFailure: true },
    );
    expect(witness.seen.size).toBeGreaterThan(KILLS);
  },
  KILLS * 20_000,
);

test("SIGTERM under load loses nothing that was acknowledged, and ends with 0", async () => {
  const witness: Witness = { seen: new Map() };
  const { program, target } = await serve();
  const load = new Load(target, witness, 1_000_000);
  const busy = new Promise<void>((resolve) => {
    load.onSeen = () => {
      if (witness.seen.size > 300) resolve();
    };
  });
  await load.start();
  await busy;
  expect(await program.end()).toBe(0);
  await program[Symbol.asyncDispose]();
  load.stop();
  examine(witness);
}, 30_000);
