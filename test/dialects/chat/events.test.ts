/** The events that document 002 only names, and how one change becomes several frames. */
import { describe, expect, test } from "bun:test";
import type { Change, TaskEventData, Via } from "../../../src/core/event.ts";
import type { Actor } from "../../../src/core/principal.ts";
import { encode } from "../../../src/dialects/chat/encode.ts";
import { chat } from "../../../src/dialects/chat/index.ts";
import { expectExactly, listOf } from "../native/frames.ts";
import { AT, aNotice, aTaskEvent, johndoe, publication, told, viewOf } from "../onetask/publications.ts";

const rest = (sender: string): string => `"sender":"${sender}","timestamp":"${AT}"`;

const updated = (data: Partial<TaskEventData>, via: Via = "task:456", actor: Actor | null = johndoe) =>
  told(encode, publication("task.updated", { ...aTaskEvent, ...data }, { actor }), via);

const changed = (old: Change["old"], now: Change["new"]): Change => ({ old, new: now });

describe("task changes", () => {
  test("a change of several fields is one frame a kind: status, assignee, the rest", () => {
    const frames = updated({
      changes: {
        title: changed("Draft", "Project Proposal"),
        status: changed("todo", "done"),
        user_id: changed(null, "7"),
        workspace_id: changed("1", "x2"),
      },
      names: { "7": "bob" },
    });
    expectExactly(
      frames,
      `{"type":"task.status_changed","room":"task:456","data":{"task_id":456,"old_status":"todo","new_status":"done","changed_by":"johndoe"},${rest("system")}}`,
      `{"type":"task.assigned","room":"task:456","data":{"task_id":456,"title":"Project Proposal","assignee":"bob","assigned_by":"johndoe"},${rest("johndoe")}}`,
      `{"type":"task.updated","room":"task:456","data":{"task_id":456,"title":"Project Proposal","changes":{"title":{"old":"Draft","new":"Project Proposal"},"workspace_id":{"old":1,"new":"x2"}}},${rest("johndoe")}}`,
    );
  });

  test("an update of which nothing more is known is one task.updated", () => {
    expectExactly(
      updated({}, "workspace:9", null),
      `{"type":"task.updated","room":"project:9","data":{"task_id":456,"title":"Project Proposal","changes":{}},${rest("system")}}`,
    );
  });

  test("the assignee is shown by name, else by id, else not at all", () => {
    const assignee = (data: Partial<TaskEventData>) =>
      (listOf(updated(data))[0] as { data: { assignee: string | null } }).data.assignee;
    const changes = { user_id: changed("5", "7") };
    expect(assignee({ changes })).toBe("7");
    expect(assignee({ changes, names: { "5": "eve" } })).toBe("7");
    expect(assignee({ changes, task: { ...aTaskEvent.task, user_id: "7", assignee: "bob" } })).toBe("bob");
    expect(assignee({ changes: { user_id: changed("5", null) } })).toBeNull();
    expect(assignee({ changes: { user_id: changed("5", "__proto__") }, names: {} })).toBe("__proto__");
  });

  test("completing is a change to completed, and what changed with it is told too", () => {
    const complete = (changes: TaskEventData["changes"]) =>
      told(
        encode,
        publication("task.completed", { ...aTaskEvent, action: "completed", changes }),
        "task:456",
      );
    const status = (old: string) =>
      `{"type":"task.status_changed","room":"task:456","data":{"task_id":456,"old_status":${old},"new_status":"completed","changed_by":"johndoe"},${rest("system")}}`;
    expectExactly(complete({}), status("null"));
    expectExactly(complete({ status: changed("todo", "completed") }), status('"todo"'));
    expectExactly(
      complete({ priority: changed("low", "high") }),
      status("null"),
      `{"type":"task.updated","room":"task:456","data":{"task_id":456,"title":"Project Proposal","changes":{"priority":{"old":"low","new":"high"}}},${rest("johndoe")}}`,
    );
  });

  test("task.deleted", () => {
    expectExactly(
      told(encode, publication("task.deleted", { ...aTaskEvent, action: "deleted" }), "workspace:9"),
      `{"type":"task.deleted","room":"project:9","data":{"task_id":456,"title":"Project Proposal"},${rest("johndoe")}}`,
    );
  });

  test("of a task that nobody stored the unknown is null; the assignee's id stands for his name", () => {
    const task = { ...aTaskEvent.task, user_id: "7" };
    expectExactly(
      told(encode, publication("task.created", { ...aTaskEvent, task }, { actor: null }), "workspace:9"),
      `{"type":"task.created","room":"project:9","data":{"task_id":456,"title":"Project Proposal","status":null,"priority":null,"assignee":"7","creator":null},${rest("system")}}`,
    );
  });
});

describe("messages and rooms", () => {
  test("message.edited and message.deleted", () => {
    expectExactly(
      told(
        encode,
        publication("message.edited", { message_id: 7, content: "Hi", edited_at: AT }),
        "channel:9",
      ),
      `{"type":"message.edited","room":"channel:9","data":{"message_id":7,"content":"Hi","new_content":"Hi","edited_at":"${AT}"},${rest("johndoe")}}`,
    );
    expectExactly(
      told(
        encode,
        publication("message.deleted", { message_id: 7, deleted_at: AT }, { actor: null }),
        "channel:9",
      ),
      `{"type":"message.deleted","room":"channel:9","data":{"message_id":7,"deleted_at":"${AT}"},${rest("system")}}`,
    );
  });

  test("user_left", () => {
    expectExactly(
      told(encode, publication("user.left", { user_id: "101", username: "johndoe" }), "workspace:9"),
      `{"type":"user_left","room":"project:9","data":{"username":"johndoe","user_id":101},${rest("johndoe")}}`,
    );
  });

  test("left_room, whether one was in it or not", () => {
    const left = `{"type":"left_room","room":"project:9","data":{"message":"Left room project:9"},"timestamp":"${AT}"}`;
    const view = viewOf("connect");
    expectExactly(chat.replies["room.leave"]({ left: ["workspace:9"], missed: [], rooms: [] }, view), left);
    expectExactly(chat.replies["room.leave"]({ left: [], missed: ["workspace:9"], rooms: [] }, view), left);
  });

  test("project.updated and project.archived", () => {
    const data = { workspace_id: "9", name: "Apollo" };
    expectExactly(
      told(
        encode,
        publication("workspace.updated", { ...data, changes: { name: changed("Gemini", "Apollo") } }),
        "workspace:9",
      ),
      `{"type":"project.updated","room":"project:9","data":{"project_id":9,"name":"Apollo","changes":{"name":{"old":"Gemini","new":"Apollo"}}},${rest("johndoe")}}`,
    );
    expectExactly(
      told(encode, publication("workspace.archived", data), "workspace:9"),
      `{"type":"project.archived","room":"project:9","data":{"project_id":9,"name":"Apollo"},${rest("johndoe")}}`,
    );
  });

  test("refreshed", () => {
    expectExactly(
      chat.replies["token.refresh"]({ expires_at: AT }, viewOf("connect")),
      `{"type":"refreshed","data":{"expires_at":"${AT}"},"timestamp":"${AT}"}`,
    );
  });

  test("rooms that chat cannot name are silent", () => {
    const message = { message_id: 1, content: "x", user_id: "1", username: "a", metadata: {} };
    for (const via of ["room:lobby", "focus:s", "everyone", null] as const) {
      expect(told(encode, publication("message.created", message), via)).toBeNull();
      expect(told(encode, publication("user.joined", { user_id: "1", username: "a" }), via)).toBeNull();
    }
  });
});

describe("notifications", () => {
  const frame = (room: string) =>
    `{"type":"notification.new",${room}"data":{"title":"Notification Title","message":"Notification content text","link":null,"priority":"normal"},"timestamp":"${AT}"}`;

  test("told to a room they are heard there, with the room, and not personally as well", () => {
    const event = publication(
      "notification.created",
      { ...aNotice, room: "workspace:9" },
      { topics: ["workspace:9"], recipients: ["101"] },
    );
    expectExactly(told(encode, event, "workspace:9"), frame('"room":"project:9",'));
    expect(told(encode, event, null)).toBeNull();
  });

  test("told to a room that chat cannot name they are silent", () => {
    const event = publication(
      "notification.created",
      { ...aNotice, room: "room:lobby" },
      { topics: ["room:lobby"] },
    );
    expect(told(encode, event, "room:lobby")).toBeNull();
    expect(told(encode, event, null)).toBeNull();
  });

  test("told to a user's own room they are personal, with the room", () => {
    const event = publication("notification.created", { ...aNotice, room: "user:5" }, { recipients: ["5"] });
    expectExactly(told(encode, event, null), frame('"room":"user:5",'));
    expect(told(encode, event, "user:5")).toBeNull();
  });

  test("announcements are notifications without a room", () => {
    const event = publication("announcement.created", aNotice, { topics: ["everyone"] });
    expectExactly(told(encode, event, "everyone"), frame(""));
    expect(told(encode, event, null)).toBeNull();
  });
});
