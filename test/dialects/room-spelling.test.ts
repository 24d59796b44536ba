/** One room, many spellings: what two dialects call by a name is one topic. */
import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { type Topic, idOf, parseRoom, parseTopic, typeOf } from "../../src/core/topic.ts";
import { parseChatRoom, spellRoom as spellInChat } from "../../src/dialects/chat/rooms.ts";
import { parseRoomName, spellRoom as spellInNotifier } from "../../src/dialects/notifier/rooms.ts";
import { aRoomText } from "./native/frames.ts";
import { anId } from "./onetask/publications.ts";

test("project:789, project_789 and workspace:789 are one topic; likewise user, channel and task", () => {
  for (const [inChat, inNotifier, topic] of [
    ["project:789", "project_789", "workspace:789"],
    ["user:5", "user_5", "user:5"],
    ["channel:9", "channel_9", "channel:9"],
    ["task:7", "task_7", "task:7"],
  ] as const) {
    expect([
      parseChatRoom(inChat),
      parseRoomName(inChat),
      parseRoomName(inNotifier),
      parseRoom(inChat),
      parseRoom(inNotifier),
    ]).toEqual([topic, topic, topic, topic, topic]);
    expect([spellInChat(topic), spellInNotifier(topic)]).toEqual([inChat, inNotifier]);
  }
});

test("whatever chat reads, notifier and the HTTP paths read alike", () => {
  fc.assert(
    fc.property(aRoomText, (text) => {
      const topic = parseChatRoom(text);
      if (topic === null) return;
      expect(parseRoomName(text)).toBe(topic);
      expect(parseRoom(text)).toBe(topic);
    }),
    { numRuns: 3000 },
  );
});

test("notifier and the HTTP paths read every name alike but the canonical focus: and room:, which are free rooms in notifier", () => {
  fc.assert(
    fc.property(aRoomText, (text) => {
      const canonical = parseTopic(text);
      if (canonical !== null && ["focus", "room"].includes(typeOf(canonical))) {
        expect(parseRoomName(text)).toBe(`room:${text}`);
      } else {
        expect(parseRoomName(text)).toBe(parseRoom(text));
      }
    }),
    { numRuns: 3000 },
  );
});

test("what is spelled in one dialect is read back in both", () => {
  const aTopic = fc
    .tuple(fc.constantFrom("user", "workspace", "channel", "task", "focus", "room"), anId)
    .map(([type, id]) => `${type}:${id}` as Topic);
  fc.assert(
    fc.property(aTopic, (topic) => {
      const inChat = spellInChat(topic);
      const inNotifier = spellInNotifier(topic);
      if (inChat !== null) expect([parseChatRoom(inChat), parseRoomName(inChat)]).toEqual([topic, topic]);
      if (inNotifier !== null) expect(parseRoomName(inNotifier)).toBe(topic);
      if (typeOf(topic) === "focus") expect([inChat, inNotifier]).toEqual([null, null]);
      if (typeOf(topic) === "room") expect(inChat).toBeNull();
      expect(idOf(topic)).not.toBe("");
    }),
    { numRuns: 3000 },
  );
});
