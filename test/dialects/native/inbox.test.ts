/** What native alone tells: reads and deletions of one's inbox, and rooms that move. */
import { expect, test } from "bun:test";
import { DIALECTS } from "../../../src/dialects/all.ts";
import { encode } from "../../../src/dialects/native/encode.ts";
import { AT, publication, told } from "../onetask/publications.ts";
import { expectExactly } from "./frames.ts";

const read = (ids: number[] | null) =>
  publication(
    "notification.read",
    { user_id: "101", ids, up_to: 130, unread: 2 },
    { recipients: ["101"], actor: null, id: 131 },
  );
const deleted = publication(
  "notification.deleted",
  { user_id: "007", ids: [123], unread: 0 },
  { recipients: ["007"], actor: null },
);

test("what was read on one device is told to the others", () => {
  const frame = (ids: string) =>
    `{"type":"event","kind":"notification.read","topic":"user:101","data":{"user_id":101,"ids":${ids},"up_to":130,"unread":2},"actor":null,"at":"${AT}"}`;
  expectExactly(told(encode, read([123, 125]), null), frame("[123,125]"));
  expectExactly(told(encode, read(null), null), frame("null"));
});

test("what was deleted on one device is told to the others", () => {
  expectExactly(
    told(encode, deleted, null),
    `{"type":"event","kind":"notification.deleted","topic":"user:007","data":{"user_id":"007","ids":[123],"unread":0},"actor":null,"at":"${AT}"}`,
  );
});

test("the five documented dialects have no frame for either", () => {
  for (const { name, encode } of DIALECTS) {
    if (name === "native") continue;
    expect([encode["notification.read"], encode["notification.deleted"]]).toEqual([null, null]);
  }
});

test("a room that belongs to another workspace", () => {
  expectExactly(
    told(
      encode,
      publication(
        "room.moved",
        { topic: "channel:9", workspace_id: null, old_workspace_id: "7" },
        { topics: ["channel:9"], actor: null },
      ),
      "channel:9",
    ),
    `{"type":"event","kind":"room.moved","topic":"channel:9","data":{"topic":"channel:9","workspace_id":null,"old_workspace_id":7},"actor":null,"at":"${AT}"}`,
  );
});
