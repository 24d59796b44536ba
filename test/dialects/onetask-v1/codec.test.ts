import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { TASK_ACTIONS } from "../../../src/core/event.ts";
import { encode, refusal, replies } from "../../../src/dialects/onetask-v1/codec.ts";
import {
  type FocusUpdateFrame,
  focusUpdateFrame,
  frames,
  notificationFrame,
  taskUpdateFrame,
} from "../../../src/dialects/onetask-v1/frames.ts";
import { onetaskV1 } from "../../../src/dialects/onetask-v1/index.ts";
import {
  aNotice,
  anId,
  anyPublication,
  anyVia,
  aTaskEvent,
  johndoe,
  KINDS,
  publication,
  told,
} from "../onetask/publications.ts";

const NOTIFICATION = `{
  "type": "notification",
  "data": {
    "id": 123,
    "title": "Task Completed",
    "content": "You've completed 'Project Proposal'",
    "created_at": "2025-03-23T14:30:00Z",
    "read": false,
    "related_entity_type": "task",
    "related_entity_id": 456
  }
}`;

const TASK_UPDATE = `{
  "type": "task_update",
  "action": "created",
  "data": {
    "id": 456,
    "title": "New Task",
    "description": "Task description",
    "status": "todo",
    "priority": "high",
    "due_date": "2025-04-01T12:00:00Z",
    "workspace_id": 789,
    "user_id": 101
  }
}`;

const FOCUS_UPDATE = `{
  "type": "focus_update",
  "action": "participant_joined",
  "data": {
    "session_id": "focus-123",
    "user": {
      "id": 101,
      "username": "johndoe"
    },
    "status": "active",
    "current_task_id": 456
  }
}`;

const compact = (text: string): string => JSON.stringify(JSON.parse(text));

const aMember = { session_id: "focus-123", status: "active", current_task_id: "456", user: johndoe };

describe("the documented examples", () => {
  test("round-trip through the schemas", () => {
    expect(JSON.stringify(notificationFrame.parse(JSON.parse(NOTIFICATION)))).toBe(compact(NOTIFICATION));
    expect(JSON.stringify(taskUpdateFrame.parse(JSON.parse(TASK_UPDATE)))).toBe(compact(TASK_UPDATE));
    expect(JSON.stringify(focusUpdateFrame.parse(JSON.parse(FOCUS_UPDATE)))).toBe(compact(FOCUS_UPDATE));
  });

  test("a notification is written as documented", () => {
    const data = {
      ...aNotice,
      title: "Task Completed",
      content: "You've completed 'Project Proposal'",
      related_entity_type: "task",
      related_entity_id: "456",
    };
    const event = publication("notification.created", data, {
      id: 123,
      at: "2025-03-23T14:30:00Z",
      recipients: ["101"],
    });
    expect(JSON.stringify(encode["notification.created"](event, null))).toBe(compact(NOTIFICATION));
    expect(
      JSON.stringify(
        encode["announcement.created"](
          publication("announcement.created", data, { id: 123, at: "2025-03-23T14:30:00Z" }),
        ),
      ),
    ).toBe(compact(NOTIFICATION));
  });

  test("a task update is written as documented", () => {
    const event = publication("task.created", {
      ...aTaskEvent,
      action: "created",
      task: {
        title: "New Task",
        description: "Task description",
        status: "todo",
        priority: "high",
        due_date: "2025-04-01T12:00:00Z",
        workspace_id: "789",
        user_id: "101",
        assignee: "101",
        creator: "5",
      },
    });
    expect(JSON.stringify(encode["task.created"](event, "workspace:789"))).toBe(compact(TASK_UPDATE));
  });

  test("a join is written as documented", () => {
    expect(
      JSON.stringify(encode["focus.joined"](publication("focus.joined", aMember), "focus:focus-123")),
    ).toBe(compact(FOCUS_UPDATE));
  });
});

describe("notifications", () => {
  test("are heard personally and never by way of a room", () => {
    const event = publication("notification.created", { ...aNotice, room: "workspace:789" });
    for (const via of ["workspace:789", "user:101", "channel:9", "everyone"] as const)
      expect(encode["notification.created"](event, via)).toBeNull();
  });
});

describe("task updates", () => {
  test("of a task that nobody stored have null for what is unknown", () => {
    expect(
      JSON.stringify(encode["task.updated"](publication("task.updated", aTaskEvent), "workspace:789")),
    ).toBe(
      '{"type":"task_update","action":"updated","data":{"id":456,"title":"Project Proposal","description":null,"status":null,"priority":null,"due_date":null,"workspace_id":789,"user_id":null}}',
    );
  });

  test("have the status completed after completing", () => {
    const event = publication("task.completed", { ...aTaskEvent, action: "completed" });
    expect(encode["task.completed"](event, "workspace:789")?.data.status).toBe("completed");
  });

  test("name the stored workspace and title first", () => {
    const event = publication("task.updated", {
      ...aTaskEvent,
      task: { ...aTaskEvent.task, title: "Stored", workspace_id: "w-5" },
    });
    expect(encode["task.updated"](event, "workspace:789")?.data).toMatchObject({
      title: "Stored",
      workspace_id: "w-5",
    });
  });

  test("carry their action and are heard in the workspace only", () => {
    for (const action of TASK_ACTIONS) {
      const event = publication(`task.${action}`, { ...aTaskEvent, action });
      expect(told(encode, event, "workspace:1")).toMatchObject({ type: "task_update", action });
      for (const via of [null, "task:456", "user:101", "everyone"] as const)
        expect(told(encode, event, via)).toBeNull();
    }
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
  const data = (frame: FocusUpdateFrame | null): string => JSON.stringify(frame?.data);
  const state =
    '"session_id":"focus-123","user":{"id":101,"username":"johndoe"},"status":"active","current_task_id":456';

  test("tell of a leave", () => {
    expect(encode["focus.left"](publication("focus.left", aMember), "focus:focus-123")?.action).toBe(
      "participant_left",
    );
  });

  test("tell of a change with what rides along", () => {
    const change = (given: null | string | undefined) =>
      encode["focus.updated"](
        publication("focus.updated", { ...aMember, action: "pause", data: given }),
        "focus:focus-123",
      );
    expect(change(undefined)?.action).toBe("pause");
    expect(data(change(undefined))).toBe(`{${state}}`);
    expect(data(change("x"))).toBe(`{${state},"data":"x"}`);
    expect(data(change(null))).toBe(`{${state},"data":null}`);
  });

  test("show a relay from onetask as its action, with the JSON in data.data", () => {
    const frame = encode["focus.relayed"](
      publication("focus.relayed", {
        ...aMember,
        action: "tick",
        data: { action: "tick", user: { id: 1 }, status: "evil" },
      }),
      "focus:focus-123",
    );
    expect(frame?.action).toBe("tick");
    expect(data(frame)).toBe(`{${state},"data":{"action":"tick","user":{"id":1},"status":"evil"}}`);
  });

  test("write session_id as a string, whatever it looks like", () => {
    fc.assert(
      fc.property(anId, (session_id) => {
        expect(
          encode["focus.joined"](publication("focus.joined", { ...aMember, session_id }), "focus:1")?.data
            .session_id,
        ).toBe(session_id);
      }),
    );
  });
});

describe("the tables", () => {
  test("every kind is answered", () => {
    expect(Object.keys(encode).toSorted()).toEqual(KINDS.toSorted());
  });

  test("frames match their schemas, keys in order, whatever happened", () => {
    fc.assert(
      fc.property(anyPublication, anyVia, (event, via) => {
        const frame = told(encode, event, via) as { type: keyof typeof frames.server; data: object } | null;
        if (frame === null) return;
        const schema = frames.server[frame.type];
        expect(schema.safeParse(JSON.parse(JSON.stringify(frame))).error).toBeUndefined();
        expect(Object.keys(frame)).toEqual(Object.keys(schema.shape));
        expect(Object.keys(frame.data)).toEqual(
          Object.keys(schema.shape.data.shape).filter((key) => key !== "data" || "data" in frame.data),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("nothing is said to a sender, whatever was refused", () => {
    expect(replies["focus.update"]()).toBeNull();
    expect(refusal()).toEqual({ frame: null });
  });

  test("the sockets are where they are documented, and there are no endpoints", () => {
    expect(
      onetaskV1.sockets.map(({ path, proof, personal, announcements }) => ({
        path,
        proof,
        personal,
        announcements,
      })),
    ).toEqual([
      { path: "/api/v1/ws/notifications", proof: "token", personal: true, announcements: true },
      {
        path: "/api/v1/ws/workspaces/:workspace_id/tasks",
        proof: "token",
        personal: false,
        announcements: false,
      },
      {
        path: "/api/v1/ws/focus-sessions/:session_id",
        proof: "token",
        personal: false,
        announcements: false,
      },
    ]);
    expect(onetaskV1.endpoints).toEqual([]);
    expect(onetaskV1.handshake).toEqual({ unauthenticated: { status: 403 }, tooMany: { status: 429 } });
  });

  test("a path names its topic, and an invalid id names none", () => {
    const [, tasks, focus] = onetaskV1.sockets;
    expect(tasks?.topic?.({ workspace_id: "789" })).toBe("workspace:789");
    expect(focus?.topic?.({ session_id: "focus-123" })).toBe("focus:focus-123");
    for (const bad of ["", "x".repeat(129), "a\u0000b", "\udfff"]) {
      expect(tasks?.topic?.({ workspace_id: bad })).toBeNull();
      expect(focus?.topic?.({ session_id: bad })).toBeNull();
    }
  });
});
