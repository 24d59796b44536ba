/** Every socket of every dialect is written what nobody should write; the server lives, and others are served. */
import { afterAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { DIALECTS } from "../../src/dialects/all.ts";
import { addressOf } from "../support/client.ts";
import { ALICE } from "../support/people.ts";
import { RawSocket } from "../support/raw-socket.ts";
import { spoiled } from "./fuzz/inputs.ts";
import { CASES, SEED, Target } from "./fuzz/target.ts";
import { written, type Written } from "./fuzz/wire.ts";

const PER_RUN = 24;
/** Frames of a run on average, a little less: short ones are tried more often. */
const MEAN_PER_RUN = 5;
const MAX_MEGABYTES = 400;
const TIMEOUT_MS = 60_000 + CASES * 20;

const target = await Target.start();
afterAll(() => target[Symbol.asyncDispose]());

const SOCKETS = DIALECTS.flatMap((dialect) =>
  dialect.sockets.map((at) => {
    const path = at.path.replace(/:\w+/, String(ALICE.id));
    const examples = Object.values(dialect.docs.client).flatMap((doc) => doc.examples);
    return [`${dialect.name} ${at.name}`, path, examples] as const;
  }),
);

/** Writes on a socket of its own, to the end or until the server has ended it. */
async function write(path: string, all: readonly Written[]): Promise<void> {
  const socket = await RawSocket.open(addressOf(target, path, { as: ALICE }));
  for (const { bytes, partial } of all) {
    socket.write(bytes);
    if (partial) break;
  }
  if (!all.some(({ partial }) => partial)) await socket.answers();
  for (const text of socket.texts) JSON.parse(text);
  const told = socket.texts.find(
    (text) => text.includes("INTERNAL") || text.includes("Internal Server Error"),
  );
  socket.destroy();
  expect(told).toBeUndefined();
}

test.each(SOCKETS)(
  "%s",
  async (_name, path, examples) => {
    let count = 0;
    const property = fc.asyncProperty(
      fc.array(written(spoiled(examples)), { minLength: 1, maxLength: PER_RUN }),
      async (all) => {
        count += all.length;
        await write(path, all);
        await target.serves();
        expect(target.faults()).toEqual([]);
      },
    );
    const numRuns = Math.ceil(CASES / SOCKETS.length / MEAN_PER_RUN);
    await fc.assert(property, { seed: SEED, numRuns });
    expect(count).toBeGreaterThan(CASES / SOCKETS.length);
    const megabytes = await target.megabytes();
    expect(megabytes).toBeLessThan(MAX_MEGABYTES);
    if (process.env["FUZZ_CASES"] !== undefined) console.log(`${count} frames to ${path}, ${megabytes} MB`);
  },
  TIMEOUT_MS,
);

test("it ends in order afterwards", async () => {
  expect(await target.end()).toBe(0);
  expect(target.faults()).toEqual([]);
});
