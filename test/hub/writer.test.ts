import { describe, expect, test } from "bun:test";
import { silentLog } from "../../src/app/log.ts";
import { createMeters } from "../../src/core/meters.ts";
import type { Publication } from "../../src/core/event.ts";
import { Writer } from "../../src/hub/writer.ts";
import type { OpFault, OpResult, Write } from "../../src/store/store.ts";

const write = (id: number): Write => ({
  op: "user.seen",
  args: { users: [{ id: String(id), username: "x" }] },
});
const event = (id: number): Publication => ({
  id,
  kind: "workspace.archived",
  at: "",
  topics: [],
  recipients: null,
  actor: null,
  data: { workspace_id: "1", name: "" },
});

interface Harness {
  readonly writer: Writer;
  readonly batches: number[];
  readonly steps: string[];
}

/** A writer over a store that does what `outcome` says of each write. */
function harness(
  outcome: (id: number) => OpResult | OpFault,
  commit: "sync" | "async" | "fails" = "sync",
  durable: () => Promise<void> | null = () => null,
): Harness {
  const batches: number[] = [];
  const steps: string[] = [];
  const writer = new Writer({
    meters: createMeters(),
    log: silentLog,
    tell: (events) => steps.push(...events.map(({ id }) => `tell ${id}`)),
    store: {
      commit(writes) {
        batches.push(writes.length);
        if (commit === "fails") throw new Error("disk full");
        const results = writes.map((one) => outcome(Number((one as Write<"user.seen">).args.users[0]?.id)));
        steps.push("commit");
        return commit === "async" ? Promise.resolve(results) : results;
      },
      durable,
    },
  });
  return { writer, batches, steps };
}

const stored = (id: number): OpResult => ({ value: {}, events: [event(id)] });

describe("the writer", () => {
  for (const commit of ["sync", "async"] as const) {
    test(`commits what was queued in one transaction, then answers and tells write by write (${commit})`, async () => {
      const { writer, batches, steps } = harness(stored, commit);
      for (const id of [1, 2, 3]) writer.submit(write(id), 10, () => steps.push(`answer ${id}`));
      await writer.idle();
      expect(batches).toEqual([3]);
      expect(steps).toEqual(["commit", "answer 1", "tell 1", "answer 2", "tell 2", "answer 3", "tell 3"]);
    });
  }

  test("a fault of one write is told to its caller alone", async () => {
    const { writer, steps } = harness((id) =>
      id === 2 ? { fault: new Error("no"), full: false } : stored(id),
    );
    for (const id of [1, 2, 3])
      writer.submit(write(id), 10, (result) =>
        steps.push("fault" in result ? `fault ${id}` : `answer ${id}`),
      );
    await writer.idle();
    expect(steps).toEqual(["commit", "answer 1", "tell 1", "fault 2", "answer 3", "tell 3"]);
  });

  test("where nothing of a batch could be stored everybody in it is told so, and nothing is told on", async () => {
    const { writer, steps } = harness(stored, "fails");
    for (const id of [1, 2])
      writer.submit(write(id), 10, (result) =>
        steps.push("fault" in result && result.full ? `full ${id}` : "stored"),
      );
    await writer.idle();
    expect(steps).toEqual(["full 1", "full 2"]);
  });

  test("a caller that throws does not keep the others from their answers", async () => {
    const { writer, steps } = harness(stored);
    writer.submit(write(1), 10, () => {
      throw new Error("gone");
    });
    writer.submit(write(2), 10, () => steps.push("answer 2"));
    await writer.idle();
    expect(steps).toEqual(["commit", "tell 1", "answer 2", "tell 2"]);
  });

  test("a batch holds at most 256 writes", async () => {
    const { writer, batches } = harness(stored);
    for (let id = 1; id <= 600; id++) writer.submit(write(id), 10, () => {});
    await writer.idle();
    expect(batches).toEqual([256, 256, 88]);
  });

  test("a batch holds about 1 MiB", async () => {
    const { writer, batches } = harness(stored);
    for (let id = 1; id <= 4; id++) writer.submit(write(id), 600 << 10, () => {});
    await writer.idle();
    expect(batches).toEqual([2, 2]);
  });

  test("what is submitted by an answer goes into the next batch", async () => {
    const { writer, batches, steps } = harness(stored);
    writer.submit(write(1), 10, () => writer.submit(write(2), 10, () => steps.push("answer 2")));
    await writer.idle();
    // The answer came with the first batch; what it submitted is waited for anew.
    await writer.idle();
    expect(batches).toEqual([1, 1]);
    expect(steps).toEqual(["commit", "tell 1", "commit", "answer 2", "tell 2"]);
  });

  test("tells nobody before the disk has it, commits nothing meanwhile, and lets reads wait", async () => {
    const disk = Promise.withResolvers<void>();
    const { writer, steps } = harness(stored, "sync", () => (steps.length < 2 ? disk.promise : null));
    writer.submit(write(1), 10, () => steps.push("answer 1"));
    await turn();
    writer.submit(write(2), 10, () => steps.push("answer 2"));
    writer.afterSettling(() => steps.push("read"));
    await turn();
    await turn();
    expect(steps).toEqual(["commit"]);
    expect(writer.committing).toBe(true);
    disk.resolve();
    await writer.idle();
    expect(steps).toEqual(["commit", "answer 1", "tell 1", "read", "commit", "answer 2", "tell 2"]);
    writer.afterSettling(() => steps.push("read at once"));
    expect(steps.at(-1)).toBe("read at once");
  });

  for (const [how, durable] of [
    ["rejects", () => Promise.reject(new Error("I/O error"))],
    [
      "throws",
      () => {
        throw new Error("I/O error");
      },
    ],
  ] as const)
    test(`where the disk ${how}, everybody who waited is told that it failed, nothing is told, and it goes on`, async () => {
      let broken = true;
      const { writer, steps } = harness(stored, "sync", () => (broken ? durable() : null));
      writer.submit(write(1), 10, (result) => steps.push("fault" in result ? "failed 1" : "answer 1"));
      writer.submit(write(2), 10, () => {
        throw new Error("gone");
      });
      await writer.idle();
      expect(steps).toEqual(["commit", "failed 1"]);
      expect(writer.writable).toBe(false);
      broken = false;
      writer.submit(write(3), 10, () => steps.push("answer 3"));
      await writer.idle();
      expect(steps.slice(2)).toEqual(["commit", "answer 3", "tell 3"]);
      expect(writer.writable).toBe(true);
    });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
