/** Frames and bodies as tests read and compare them. */
import { expect } from "bun:test";

/**
 * What tests read of frames and bodies, whatever the dialect. Nothing is checked here: a field
 * that is not there shows in the comparison that follows.
 */
export interface Frame {
  readonly type: string;
  readonly kind: string;
  readonly message: string;
  readonly content: string;
  readonly room: string;
  readonly event_id: number;
  readonly notification_id: number;
  readonly data: Data;
}

interface Data {
  readonly id: number;
  readonly message_id: number;
  readonly notification_id: number;
  readonly last_event_id: number;
  readonly recovered: boolean;
  readonly content: string;
  readonly message: string;
  readonly error: string;
  readonly n: number;
}

/** Stands for any positive whole number. */
export const ID = "<id>";
/** Stands for any time as the contract writes it: ISO 8601, UTC, milliseconds, `Z`. */
export const TIME = "<time>";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Deep equality with the keys in the same order, as a strict client's parser would see them. Only
 * what is `ID` or `TIME` in the expected value may vary.
 */
export function expectExactly(actual: unknown, expected: unknown): void {
  expect(JSON.stringify(masked(actual, expected), null, 2)).toBe(JSON.stringify(expected, null, 2));
}

function masked(actual: unknown, expected: unknown): unknown {
  if (expected === ID) return Number.isSafeInteger(actual) && (actual as number) > 0 ? ID : actual;
  if (expected === TIME) return typeof actual === "string" && ISO.test(actual) ? TIME : actual;
  if (typeof actual !== "object" || actual === null || typeof expected !== "object" || expected === null)
    return actual;
  if (Array.isArray(actual)) return actual.map((item, place) => masked(item, (expected as unknown[])[place]));
  return Object.fromEntries(
    Object.entries(actual).map(([key, value]) => [
      key,
      masked(value, (expected as Record<string, unknown>)[key]),
    ]),
  );
}
