import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { Security } from "../../src/hub/security.ts";
import type { Settle } from "../../src/hub/writer.ts";
import type { Write } from "../../src/store/store.ts";

function setUp() {
  const written: { write: Write<"security.add">; settle: Settle }[] = [];
  const security = new Security({
    clock: new ManualClock(),
    submit: (write, _bytes, settle) => written.push({ write: write as Write<"security.add">, settle }),
  });
  return { security, written };
}

test("a thousand are kept for the next write, the rest is counted in one entry", () => {
  const { security, written } = setUp();
  for (let n = 0; n < 1500; n++) security.note({ kind: "refused", address: `10.0.0.${n}` });
  security.flush();
  security.flush();
  expect(written).toHaveLength(1);
  const entries = written[0]?.write.args.entries ?? [];
  expect(entries).toHaveLength(1001);
  expect(entries.at(-1)).toMatchObject({ kind: "dropped", detail: expect.stringContaining("dropped 500") });
});

test("what could not be written is counted as dropped, and told with the next", () => {
  const { security, written } = setUp();
  for (let n = 0; n < 3; n++) security.note({ kind: "connected" });
  security.flush();
  written[0]?.settle({ fault: new Error("full"), full: true });
  security.flush();
  expect(written[1]?.write.args.entries).toMatchObject([
    { kind: "dropped", detail: expect.stringContaining("dropped 3") },
  ]);
});

test("what clients had a hand in is cut, and whole text", () => {
  const { security, written } = setUp();
  security.note({ kind: "refused", detail: "😀".repeat(149) + "x😀😀" });
  security.flush();
  const detail = written[0]?.write.args.entries[0]?.detail ?? "";
  expect([detail.length, detail.isWellFormed()]).toEqual([300, true]);
});
