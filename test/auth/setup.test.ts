import { expect, test } from "bun:test";
import { SetupCode } from "../../src/auth/setup.ts";
import { ManualClock } from "../../src/core/clock.ts";

test("nothing fits before a code was issued", () => {
  const setup = new SetupCode(new ManualClock());
  for (const code of ["", "null", "x"]) expect(setup.redeem(code)).toBe(false);
});

test("a code fits once; wrong ones take nothing from it", () => {
  const setup = new SetupCode(new ManualClock());
  const code = setup.issue();
  for (const wrong of [code.slice(1), `${code}x`, code.toLowerCase(), ""])
    expect(setup.redeem(wrong)).toBe(false);
  expect(setup.redeem(code)).toBe(true);
  expect(setup.redeem(code)).toBe(false);
});

test("no two codes are the same", () => {
  const setup = new SetupCode(new ManualClock());
  expect(new Set(Array.from({ length: 100 }, () => setup.issue())).size).toBe(100);
});
