import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { NotificationData } from "../../../src/core/event.ts";
import { TASK_ACTIONS } from "../../../src/core/event.ts";
import { encode, refusal, replies } from "../../../src/dialects/onetask/codec.ts";
import {
  focusNotice,
  focusSessionUpdateFrame,
  frames,
  type NotificationFrame,
  notificationFrame,
  taskNotice,
} from "../../../src/dialects/onetask/frames.ts";
import {
  AT,
  aNotice,
  anId,
  anyPublication,
  anyVia,
  aTaskEvent,
  johndoe,
  KINDS,
  publication,
  told,
} from "./publications.ts";

const NOTIFICATION = `{
  "type": "notification",
  "notification_id": 123,
  "title": "Notification Title",
  "content": "Notification content text",
  "notification_type": "task",
  "related_entity_type": "task",
  "related_entity_id": 456,
  "created_at": "2025-03-23T22:40:01.352Z",
  "data": {
    "task_id": 456,
    "action": "updated",
    "workspace_id": 789,
    "actor_id": 101
  }
}`;

const FOCUS_SESSION_UPDATE = `{
  "type": "focus_session_update",
  "session_id": "123",
  "sender_id": 101,
  "data": {
    "timer": "25:00"
  }
}`;

/** One spelling: the documented keys in the documented order, without the spaces. */
const compact = (text: string): string => JSON.stringify(JSON.parse(text));

const aMember = { session_id: "123", status: "active", current_task_id: "456", user: johndoe };
const notified = (data: Partial<NotificationData>): NotificationFrame | null =>
  encode["notification.created"](publication("notification.created", { ...aNotice, ...data }), null);

describe("the documented examples", () => {
  test("round-trip through the schemas", () => {
    expect(JSON.stringify(notificationFrame.parse(JSON.parse(NOTIFICATION)))).toBe(compact(NOTIFICATION));
    expect(JSON.stringify(focusSessionUpdateFrame.parse(JSON.parse(FOCUS_SESSION_UPDATE)))).toBe(
      compact(FOCUS_SESSION_UPDATE),
    );
  });

  test("a task notification is written as documented", () => {
    const event = publication(
      "notification.created",
      {
        ...aNotice,
        notification_type: "task",
        related_entity_type: "task",
        related_entity_id: "456",
        task: { task_id: "456", action: "updated", workspace_id: "789" },
      },
      { id: 123, at: "2025-03-23T22:40:01.352Z", recipients: ["101"] },
    );
    expect(JSON.stringify(encode["notification.created"](event, null))).toBe(compact(NOTIFICATION));
  });

  test("a relay is written as documented", () => {
    const event = publication(
      "focus.relayed",
      { ...aMember, action: "message", data: { timer: "25:00" } },
      { id: 0 },
    );
    expect(JSON.stringify(encode["focus.relayed"](event, "focus:123"))).toBe(compact(FOCUS_SESSION_UPDATE));
  });
});

describe("notifications", () => {
  test("are heard personally and never by way of a room", () => {
    const event = publication(
      "notification.created",
      { ...aNotice, room: "workspace:789" },
      { topics: ["workspace:789"], recipients: ["101"] },
    );
    expect(encode["notification.created"](event, null)).not.toBeNull();
    for (const via of ["workspace:789", "channel:9", "user:101", "focus:s", "everyone"] as const)
      expect(encode["notification.created"](event, via)).toBeNull();
  });

  test("level, link and priority are in data where they are given", () => {
    expect(notified({ data: { a: 1 } })?.data).toEqual({ a: 1 });
    expect(
      JSON.stringify(notified({ data: { a: 1 }, level: "warning", link: "/x", priority: "high" })?.data),
    ).toBe('{"a":1,"level":"warning","link":"/x","priority":"high"}');
  });

  test("given data cannot pass for the level, link or priority that the server gives", () => {
    const data = { level: "error", link: "evil", priority: "max" };
    expect(notified({ data, level: "info", link: "/x", priority: "normal" })?.data).toEqual({
      level: "info",
      link: "/x",
      priority: "normal",
    });
  });

  test("given data of a task notification is not shown, and unknown ids are null", () => {
    const event = publication(
      "notification.created",
      {
        ...aNotice,
        data: { task_id: 1, x: 2 },
        level: "info",
        task: { task_id: "007", action: "deleted", workspace_id: null },
      },
      { actor: null },
    );
    expect(JSON.stringify(encode["notification.created"](event, null)?.data)).toBe(
      '{"task_id":"007","action":"deleted","workspace_id":null,"actor_id":null}',
    );
  });

  test("an announcement is the same frame with its own type", () => {
    const frame = encode["announcement.created"](
      publication(
        "announcement.created",
        { ...aNotice, notification_type: "announcement", content: "Maintenance" },
        { id: 7 },
      ),
    );
    expect(JSON.stringify(frame)).toBe(
      `{"type":"notification","notification_id":7,"title":"Notification Title","content":"Maintenance","notification_type":"announcement","related_entity_type":null,"related_entity_id":null,"created_at":"${AT}","data":{}}`,
    );
  });
});

describe("task events", () => {
  test("have the recipients' notification_id, not their own", () => {
    const frame = encode["task.updated"](
      publication("task.updated", { ...aTaskEvent, notification_id: 42 }, { id: 41 }),
      "workspace:789",
    );
    expect(JSON.stringify(frame)).toBe(
      `{"type":"notification","notification_id":42,"title":"Task Updated","content":"Task 'Project Proposal' was updated.","notification_type":"task","related_entity_type":"task","related_entity_id":456,"created_at":"${AT}","data":{"task_id":456,"action":"updated","workspace_id":789,"actor_id":101}}`,
    );
  });

  test("are titled by their action", () => {
    const frames = TASK_ACTIONS.map(
      (action) =>
        told(
          encode,
          publication(`task.${action}`, { ...aTaskEvent, action }),
          "workspace:789",
        ) as NotificationFrame,
    );
    expect(frames.map(({ title, content }) => [title, content])).toEqual([
      ["Task Created", "Task 'Project Proposal' was created."],
      ["Task Updated", "Task 'Project Proposal' was updated."],
      ["Task Completed", "Task 'Project Proposal' was completed."],
      ["Task Deleted", "Task 'Project Proposal' was deleted."],
    ]);
  });

  test("name the stored workspace before the one they are heard in", () => {
    const event = publication("task.updated", {
      ...aTaskEvent,
      task: { ...aTaskEvent.task, workspace_id: "5" },
    });
    expect(encode["task.updated"](event, "workspace:789")?.data).toMatchObject({ workspace_id: 5 });
  });

  test("are heard in the workspace only", () => {
    const event = publication("task.created", { ...aTaskEvent, action: "created" });
    for (const via of [null, "task:456", "user:101", "everyone"] as const)
      expect(encode["task.created"](event, via)).toBeNull();
  });

  test("are all that a socket of a workspace hears", () => {
    fc.assert(
      fc.property(anyPublication, anId, (event, id) => {
        if (event.kind === "announcement.created" || event.kind.startsWith("task.")) return;
        expect(told(encode, event, `workspace:${id}`)).toBeNull();
      }),
    );
  });
});

describe("focus sessions", () => {
  test("tell of joins and leaves with the session's state", () => {
    expect(JSON.stringify(encode["focus.joined"](publication("focus.joined", aMember), "focus:123"))).toBe(
      '{"type":"focus_session_update","session_id":"123","sender_id":101,"data":{"action":"participant_joined","user":{"id":101,"username":"johndoe"},"status":"active","current_task_id":456}}',
    );
    expect(
      encode["focus.left"](publication("focus.left", { ...aMember, current_task_id: null }), "focus:123")
        ?.data,
    ).toEqual({
      action: "participant_left",
      user: { id: 101, username: "johndoe" },
      status: "active",
      current_task_id: null,
    });
  });

  test("tell of a change, with data only where it carried some", () => {
    const change = (data: string | null | undefined): string =>
      JSON.stringify(
        encode["focus.updated"](
          publication("focus.updated", { ...aMember, action: "pause", data }),
          "focus:123",
        )?.data,
      );
    const state =
      '"action":"pause","user":{"id":101,"username":"johndoe"},"status":"active","current_task_id":456';
    expect(change(undefined)).toBe(`{${state}}`);
    expect(change("x")).toBe(`{${state},"data":"x"}`);
    expect(change(null)).toBe(`{${state},"data":null}`);
  });

  test("relay any JSON as it is", () => {
    for (const data of [null, false, 0, "", [1, [2]], {}, JSON.parse('{"__proto__":{"a":1}}')]) {
      const frame = encode["focus.relayed"](
        publication("focus.relayed", { ...aMember, action: "message", data }),
        "focus:123",
      );
      expect(JSON.stringify(frame?.data)).toBe(JSON.stringify(data));
    }
  });

  test("tell a relay without a payload as a happening", () => {
    const frame = encode["focus.relayed"](
      publication("focus.relayed", { ...aMember, action: "wave", data: undefined }),
      "focus:123",
    );
    expect(focusNotice.parse(frame?.data).action).toBe("wave");
  });

  test("write session_id as a string and sender_id as an id", () => {
    fc.assert(
      fc.property(anId, anId, (session_id, id) => {
        const frame = encode["focus.joined"](
          publication("focus.joined", { ...aMember, session_id, user: { id, username: "x" } }),
          "focus:1",
        );
        expect(frame?.session_id).toBe(session_id);
        expect(String(frame?.sender_id)).toBe(id);
        expect(typeof frame?.sender_id).toBe(
          /^(0|[1-9]\d*)$/.test(id) && BigInt(id) <= 9007199254740991n ? "number" : "string",
        );
      }),
    );
  });
});

describe("the table", () => {
  test("answers every kind", () => {
    expect(Object.keys(encode).toSorted()).toEqual(KINDS.toSorted());
  });

  test("writes frames that match their schemas, keys in order, whatever happened", () => {
    fc.assert(
      fc.property(anyPublication, anyVia, (event, via) => {
        const frame = told(encode, event, via) as { type: keyof typeof frames.server } | null;
        if (frame === null) return;
        const schema = frames.server[frame.type];
        expect(schema.safeParse(JSON.parse(JSON.stringify(frame))).error).toBeUndefined();
        expect(Object.keys(frame)).toEqual(Object.keys(schema.shape));
        if (
          frame.type === "notification" &&
          (event.data as NotificationData).task !== null &&
          event.kind.startsWith("task.")
        ) {
          expect(Object.keys((frame as NotificationFrame).data)).toEqual(Object.keys(taskNotice.shape));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("says nothing to a sender, whatever was refused", () => {
    expect(replies["focus.relay"]()).toBeNull();
    expect(refusal()).toEqual({ frame: null });
  });
});
