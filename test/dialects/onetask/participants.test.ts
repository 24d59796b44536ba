import { describe, expect, test } from "bun:test";
import type { Publication, Via } from "../../../src/core/event.ts";
import type { EncodeTable } from "../../../src/dialects/dialect.ts";
import { DIALECTS } from "../../../src/dialects/all.ts";
import { onetaskV1 } from "../../../src/dialects/onetask-v1/index.ts";
import { onetask } from "../../../src/dialects/onetask/index.ts";
import { publication, told } from "./publications.ts";

const focus = {
  session_id: "007",
  status: "paused",
  current_task_id: "42",
  user: { id: "101", username: "johndoe" },
};
const member = { topic: "focus:007", user_id: "101" } as const;
const about = { topics: ["focus:007"], recipients: ["101"] } as const;
const added = (more: object) => publication("member.added", { ...member, role: "member", ...more }, about);
const removed = (more: object) =>
  publication("member.removed", { ...member, covered_by: null, ...more }, about);

describe("who may take part in a focus session, or no more", () => {
  const text = (encode: EncodeTable, event: Publication, via: Via): string =>
    JSON.stringify(told(encode, event, via));

  test("onetask: as a join and a leave", () => {
    const frame = (action: string) =>
      `{"type":"focus_session_update","session_id":"007","sender_id":101,"data":{"action":"${action}","user":{"id":101,"username":"johndoe"},"status":"paused","current_task_id":42}}`;
    expect(text(onetask.encode, added({ focus }), "focus:007")).toBe(frame("participant_joined"));
    expect(text(onetask.encode, removed({ focus }), "focus:007")).toBe(frame("participant_left"));
  });

  test("onetask-v1: as a join and a leave", () => {
    const frame = (action: string) =>
      `{"type":"focus_update","action":"${action}","data":{"session_id":"007","user":{"id":101,"username":"johndoe"},"status":"paused","current_task_id":42}}`;
    expect(text(onetaskV1.encode, added({ focus }), "focus:007")).toBe(frame("participant_joined"));
    expect(text(onetaskV1.encode, removed({ focus }), "focus:007")).toBe(frame("participant_left"));
  });

  test("silence where it is personal, of other rooms, and of who only has another role", () => {
    for (const { encode } of [onetask, onetaskV1]) {
      for (const event of [added({ focus }), removed({ focus })])
        expect(told(encode, event, null)).toBeNull();
      for (const event of [added({}), removed({})]) expect(told(encode, event, "focus:007")).toBeNull();
    }
  });

  test("the other dialects but the native one are silent", () => {
    const speaking = DIALECTS.filter(({ encode }) => told(encode, added({ focus }), "focus:007") !== null);
    expect(speaking.map(({ name }) => name)).toEqual(["onetask", "onetask-v1", "native"]);
  });
});
