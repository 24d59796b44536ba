import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { silentLog } from "../../src/app/log.ts";
import { ManualClock } from "../../src/core/clock.ts";
import type { Publication } from "../../src/core/event.ts";
import { Sequencer } from "../../src/hub/sequencer.ts";

const event = (id: number): Publication => ({
  id,
  kind: "workspace.archived",
  at: "",
  topics: [],
  recipients: null,
  actor: null,
  data: { workspace_id: "1", name: "" },
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function harness(options: { told?: number; log?: readonly number[]; exhausted?: () => boolean } = {}) {
  const heard: number[] = [];
  const asked: [number, number][] = [];
  const sequencer = new Sequencer({
    clock: new ManualClock(),
    log: silentLog,
    told: options.told ?? 0,
    read(after, upTo, limit) {
      asked.push([after, upTo]);
      return (options.log ?? [])
        .filter((id) => id > after && id <= upTo)
        .slice(0, limit)
        .map(event);
    },
    exhausted: options.exhausted ?? (() => false),
    committing: () => false,
    tell: ({ id }) => heard.push(id),
  });
  return { sequencer, heard, asked };
}

describe("the sequencer", () => {
  test("tells what comes in order at once", () => {
    const { sequencer, heard } = harness({ told: 7 });
    sequencer.enter([event(8), event(9)]);
    expect(heard).toEqual([8, 9]);
    expect(sequencer.told).toBe(9);
  });

  test("drops what was told already", () => {
    const { sequencer, heard } = harness({ told: 7 });
    sequencer.enter([event(6), event(7), event(8), event(8)]);
    expect(heard).toEqual([8]);
  });

  test("reads a hole from the store before it goes on", async () => {
    const { sequencer, heard, asked } = harness({ told: 0, log: [1, 2, 3] });
    sequencer.enter([event(4)]);
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([[0, 3]]);
  });

  test("live events pass without an id", () => {
    const { sequencer, heard } = harness({ told: 3 });
    sequencer.enter([event(0)]);
    expect(heard).toEqual([0]);
    expect(sequencer.told).toBe(3);
  });

  test("what one turn cannot take waits for the next, and nothing overtakes it", async () => {
    let left = 2;
    const { sequencer, heard } = harness({ exhausted: () => left-- <= 0 });
    sequencer.enter([event(1), event(2), event(3)]);
    sequencer.enter([event(0)]);
    expect(heard).toEqual([1, 2]);
    left = 10;
    await turn();
    expect(heard).toEqual([1, 2, 3, 0]);
    expect(sequencer.idle).toBe(true);
  });

  test("the ring has the last 4,096 and knows where it begins", () => {
    const { sequencer } = harness();
    for (let id = 1; id <= 5000; id++) sequencer.enter([event(id)]);
    expect(sequencer.ring.floor).toBe(5000 - 4096);
    expect([...sequencer.ring.after(4997)].map(({ id }) => id)).toEqual([4998, 4999, 5000]);
    expect([...sequencer.ring.after(sequencer.ring.floor)].length).toBe(4096);
  });

  test("however events arrive, each is told once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          Array.from({ length: 30 }, (_, i) => i + 1),
          { minLength: 1 },
        ),
        async (arriving) => {
          const { sequencer, heard } = harness({ log: Array.from({ length: 30 }, (_, i) => i + 1) });
          for (const id of arriving) sequencer.enter([event(id)]);
          for (let turns = 0; turns < 20 && !sequencer.idle; turns++) await turn();
          expect(heard).toEqual(Array.from({ length: Math.max(...arriving) }, (_, i) => i + 1));
        },
      ),
    );
  });
});
