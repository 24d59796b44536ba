/** Frames held to their schemas, for the tests of chat, notifier and native. */
import { expect } from "bun:test";
import * as fc from "fast-check";
import { z } from "zod";
import type { FrameBody, Frames } from "../../../src/dialects/dialect.ts";
import { anId, anyText } from "../onetask/publications.ts";

export const listOf = (frames: Frames): readonly FrameBody[] =>
  frames === null ? [] : Array.isArray(frames) ? (frames as readonly FrameBody[]) : [frames];

/** The same keys and values, in the same order. */
export const expectExactly = (frames: Frames | undefined, ...documented: readonly string[]): void => {
  expect(listOf(frames ?? null).map((frame) => JSON.stringify(frame))).toEqual(
    documented.map((text) => JSON.stringify(JSON.parse(text))),
  );
};

/** One of the schemas describes the frame wholly: its types, no key more, keys in the schema's order. */
export const expectDescribed = (frame: FrameBody, schemas: Readonly<Record<string, z.ZodType>>): void => {
  const names = Object.keys(schemas).filter(
    (name) => schemas[name]!.safeParse(frame).success && inOrder(frame, schemas[name]!),
  );
  if (names.length === 0) throw new Error(`no schema describes ${JSON.stringify(frame)}`);
  expect(frame).toBeObject();
};

function inOrder(value: unknown, schema: z.ZodType): boolean {
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null) return true;
  if (schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodNever)) return true;
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  const documented = Object.keys(shape).filter((key) => Object.hasOwn(value, key));
  const entries = Object.entries(value);
  return (
    JSON.stringify(entries.map(([key]) => key)) === JSON.stringify(documented) &&
    entries.every(([key, inner]) => inOrder(inner, shape[key]!))
  );
}

/** Names of rooms, as people and attackers write them. */
export const aRoomText: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("project", "workspace", "channel", "task", "user", "focus", "room", "x"),
      fc.constantFrom(":", "_", "-"),
      fc.oneof(anId, fc.constantFrom("", "a:b", "a_b", "9".repeat(130), "\n", "\ud800")),
    )
    .map((parts) => parts.join("")),
  fc.constantFrom("lobby", "everyone", "*", ":", "_", "", "project", "project_", "project:", "__proto__"),
  fc.string(),
);

/** Frames of these types, with fields that fit, nearly fit and bite. */
export const aFrameText = (types: readonly string[]): fc.Arbitrary<string> => {
  const json = fc.jsonValue();
  const room = fc.oneof(aRoomText, json);
  const fields = fc.record(
    {
      content: fc.oneof(fc.string(), json),
      metadata: fc.oneof(fc.dictionary(fc.string(), json), json),
      message_id: fc.oneof(fc.nat(), fc.nat().map(String), json),
      token: fc.oneof(fc.string(), json),
      last_event_id: fc.oneof(fc.nat(), fc.constant("latest"), json),
      topics: fc.oneof(fc.array(room), json),
      topic: room,
      room,
      username: fc.string(),
      user_id: fc.nat(),
      sender: fc.string(),
      from_user_id: fc.nat(),
      level: fc.string(),
      notification: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const frame = fc.record(
    {
      type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...types) }, fc.string(), json),
      id: fc.oneof(fc.string(), fc.double(), json),
      room,
      data: fc.oneof(fields, json),
      username: fc.string(),
      user_id: fc.nat(),
      sender: fc.string(),
    },
    { requiredKeys: [] },
  );
  return fc.oneof(
    frame.map((one) => JSON.stringify(one)),
    anyText,
    fc
      .constantFrom(...types)
      .chain((type) =>
        fc.constantFrom(
          `{"type":"${type}","room":"channel:9","data":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
          `{"type":"${type}","room":"channel:9","data":{"topic":"channel:9","content":"x","metadata":${'{"a":'.repeat(9000)}1${"}".repeat(9000)}}}`,
          `{"type":"${type}","id":1e999,"room":"\\ud800","data":{"__proto__":{"content":"x"},"topics":["\\udfff"],"last_event_id":1e999}}`,
          `{"type":"${type}","__proto__":{"room":"channel:9"},"constructor":{"prototype":{}},"data":{"message_id":1e21,"content":"\\ud800"}}`,
          `{"type":"${type}","room":"channel:9","data":{"content":"x","metadata":{"__proto__":{"admin":true},"hasOwnProperty":1}}}`,
        ),
      ),
  );
};
