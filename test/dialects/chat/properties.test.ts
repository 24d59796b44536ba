import { expect, test } from "bun:test";
import * as fc from "fast-check";
import type { Command } from "../../../src/core/command.ts";
import { ERRORS, type ErrorCode } from "../../../src/core/errors.ts";
import { isIdText } from "../../../src/core/ids.ts";
import { encode } from "../../../src/dialects/chat/encode.ts";
import { frames } from "../../../src/dialects/chat/frames.ts";
import { chat } from "../../../src/dialects/chat/index.ts";
import { parseChatRoom, spellRoom } from "../../../src/dialects/chat/rooms.ts";
import { aFrameText, aRoomText, expectDescribed, listOf } from "../native/frames.ts";
import { anyPublication, anyVia, told, viewOf } from "../onetask/publications.ts";

const view = viewOf("connect");
const types = Object.keys(frames.client);

test("whatever comes in, decode answers with a documented frame or a command", () => {
  fc.assert(
    fc.property(aFrameText(types), (text) => {
      const decoded = chat.decode(text, view);
      if (decoded === null) throw new Error("chat answers everything");
      if ("answer" in decoded) return expectDescribed(decoded.answer, frames.server);
      const { args } = decoded;
      if ("topics" in args)
        for (const topic of args.topics as string[])
          expect(isIdText(topic.slice(topic.indexOf(":") + 1))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a payload cannot say who sends it", () => {
  const allowed: Partial<Record<Command["name"], string[]>> = {
    "room.join": ["topics", "lastEventId"],
    "room.leave": ["topics"],
    "message.send": ["topic", "content", "metadata", "mustBeIn"],
    "message.edit": ["message_id", "content"],
    "message.delete": ["message_id"],
    "token.refresh": ["token"],
  };
  fc.assert(
    fc.property(aFrameText(types), (text) => {
      const decoded = chat.decode(text, view);
      if (decoded === null || "answer" in decoded) return;
      expect(Object.keys(decoded.args)).toEqual(allowed[decoded.name]!);
    }),
    { numRuns: 2000 },
  );
});

test("every frame is described by its schema, keys in order", () => {
  fc.assert(
    fc.property(anyPublication, anyVia, (event, via) => {
      for (const frame of listOf(told(encode, event, via))) expectDescribed(frame, frames.server);
    }),
    { numRuns: 3000 },
  );
});

test("every refusal is described by its schema", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { frame } = chat.refusal({ refused: code, detail: ERRORS[code].detail }, view, null);
    if (frame !== null) expectDescribed(frame, frames.server);
  }
});

test("a room that is read is spelled as it was written", () => {
  fc.assert(
    fc.property(aRoomText, (text) => {
      const topic = parseChatRoom(text);
      if (topic !== null) expect(spellRoom(topic)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
