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

test("what could not be written waits for the next time, in order; what is too much is counted", () => {
  const { security, written } = setUp();
  const fail = () => written.at(-1)?.settle({ fault: new Error("full"), full: true });
  for (let n = 0; n < 3; n++) security.note({ kind: "connected", detail: `first ${n}` });
  security.flush();
  security.note({ kind: "connected", detail: "second" });
  fail();
  security.flush();
  const details = () => written.at(-1)?.write.args.entries.map(({ detail }) => detail);
  expect(details()).toEqual(["first 0", "first 1", "first 2", "second"]);
  for (let n = 0; n < 1000; n++) security.note({ kind: "connected", detail: `third ${n}` });
  fail();
  security.flush();
  expect(details()).toHaveLength(1001);
  expect(details()?.at(-1)).toContain("dropped 4:");
  fail();
  security.flush();
  expect(details()).toHaveLength(1001);
  expect(details()?.at(-1)).toContain("dropped 4:");
  expect(security.idle).toBe(true);
});

test("what clients had a hand in is cut, and whole text", () => {
  const { security, written } = setUp();
  security.note({ kind: "refused", detail: "😀".repeat(149) + "x😀😀" });
  security.flush();
  const detail = written[0]?.write.args.entries[0]?.detail ?? "";
  expect([detail.length, detail.isWellFormed()]).toEqual([300, true]);
});
