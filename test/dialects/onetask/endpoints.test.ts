import { describe, expect, test } from "bun:test";
import type { Endpoint } from "../../../src/core/endpoint.ts";
import { MAX_TARGETS } from "../../../src/dialects/onetask/frames.ts";
import { onetask } from "../../../src/dialects/onetask/index.ts";
import { aUser } from "./publications.ts";

const at = (path: string): Endpoint => {
  const found = onetask.endpoints.find((one) => one.path === `/api/v1/realtime/events/${path}`);
  if (found === undefined) throw new Error(`no endpoint ${path}`);
  return found;
};

/** What a body becomes; the schema's problem where it becomes nothing. */
const asked = (path: string, body: unknown): unknown => {
  const read = at(path).body?.safeParse(body);
  if (read?.success !== true) return read?.error?.issues.map((issue) => issue.path.join("."));
  return at(path).command({ params: {}, query: {}, body: read.data, who: aUser });
};

const answered = (path: string, reply: unknown): string =>
  JSON.stringify(at(path).answer(reply as never, { params: {}, query: {}, body: {}, who: aUser }));

describe("POST /api/v1/realtime/events/task", () => {
  const documented = {
    task_id: 456,
    title: "Task Title",
    action: "updated",
    workspace_id: 789,
    target_user_ids: [101, 102],
  };
  const minimal = { task_id: 456, title: "Task Title", action: "updated" };

  test("reads the documented body", () => {
    expect(asked("task", documented)).toEqual({
      name: "task.tell",
      args: {
        task_id: "456",
        title: "Task Title",
        action: "updated",
        workspace_id: "789",
        targets: ["101", "102"],
        as_user: null,
      },
    });
  });

  test("optional fields may be left out, null or empty", () => {
    const args = {
      task_id: "456",
      title: "Task Title",
      action: "updated",
      workspace_id: null,
      targets: [],
      as_user: null,
    };
    for (const more of [
      {},
      { workspace_id: null, target_user_ids: null, user_id: null },
      { target_user_ids: [] },
      { whatever: 1 },
    ]) {
      expect(asked("task", { ...minimal, ...more })).toEqual({ name: "task.tell", args });
    }
  });

  test("user_id is whom an admin or key acts for", () => {
    expect(asked("task", { ...minimal, user_id: 5 })).toMatchObject({ args: { as_user: "5", targets: [] } });
  });

  test("answers 202 with the documented body", () => {
    expect(answered("task", { recipient_count: 2 })).toBe(
      '{"status":202,"body":{"status":"notifications sent","recipient_count":2}}',
    );
    expect(at("task").response?.parse({ status: "notifications sent", recipient_count: 2 })).toEqual({
      status: "notifications sent",
      recipient_count: 2,
    });
  });

  test.each([
    ["an unknown action", { action: "archived" }, ["action"]],
    ["an empty title", { title: "" }, ["title"]],
    ["a title of 1001 characters", { title: "x".repeat(1001) }, ["title"]],
    ["an id that is no id", { task_id: 1.5 }, ["task_id"]],
    ["an id with control characters", { task_id: "a\u0000" }, ["task_id"]],
    ["a target that is no id", { target_user_ids: [101, {}] }, ["target_user_ids.1"]],
    ["too many targets", { target_user_ids: Array(MAX_TARGETS + 1).fill(1) }, ["target_user_ids"]],
    ["targets that are no list", { target_user_ids: 101 }, ["target_user_ids"]],
  ])("refuses %s", (_, wrong, paths) => {
    expect(asked("task", { ...minimal, ...wrong })).toEqual(paths);
  });

  test("takes a title of 1000 characters and 10,000 targets", () => {
    expect(
      asked("task", { ...minimal, title: "x".repeat(1000), target_user_ids: Array(MAX_TARGETS).fill(1) }),
    ).toMatchObject({ name: "task.tell" });
  });
});

describe("POST /api/v1/realtime/events/workspace", () => {
  const minimal = {
    workspace_id: 789,
    title: "Workspace Update",
    content: "The workspace has been updated.",
  };
  const documented = {
    ...minimal,
    type: "workspace",
    related_entity_type: "workspace",
    related_entity_id: 789,
    data: {},
    exclude_user_ids: [101],
  };

  test("reads the documented body", () => {
    expect(asked("workspace", documented)).toEqual({
      name: "workspace.tell",
      args: {
        workspace_id: "789",
        title: "Workspace Update",
        content: "The workspace has been updated.",
        type: "workspace",
        related_entity_type: "workspace",
        related_entity_id: "789",
        data: {},
        exclude: ["101"],
      },
    });
  });

  test("optional fields may be left out or null", () => {
    const nulls = {
      type: null,
      related_entity_type: null,
      related_entity_id: null,
      data: null,
      exclude_user_ids: null,
    };
    const args = {
      ...minimal,
      workspace_id: "789",
      type: "workspace",
      related_entity_type: null,
      related_entity_id: null,
      data: {},
      exclude: [],
    };
    expect(asked("workspace", minimal)).toEqual({ name: "workspace.tell", args });
    expect(asked("workspace", { ...minimal, ...nulls })).toEqual({ name: "workspace.tell", args });
  });

  test("keeps the given type and data", () => {
    expect(asked("workspace", { ...minimal, type: "billing", data: { a: [1, null] } })).toMatchObject({
      args: { type: "billing", data: { a: [1, null] } },
    });
  });

  test.each([
    ["content of 10,001 characters", { content: "x".repeat(10_001) }, ["content"]],
    ["empty content", { content: "" }, ["content"]],
    ["data that is no object", { data: [] }, ["data"]],
  ])("refuses %s", (_, wrong, paths) => {
    expect(asked("workspace", { ...minimal, ...wrong })).toEqual(paths);
  });

  test("answers 202 with the documented body", () => {
    expect(answered("workspace", { recipient_count: 2 })).toBe(
      '{"status":202,"body":{"status":"workspace notification sent"}}',
    );
    expect(at("workspace").response?.safeParse({ status: "workspace notification sent" }).success).toBe(true);
  });
});

describe("POST /api/v1/realtime/events/system", () => {
  const minimal = { title: "System Notification", content: "Important system message." };

  test("reads the documented body", () => {
    expect(asked("system", { ...minimal, user_id: 101, data: {} })).toEqual({
      name: "system.tell",
      args: { ...minimal, user_id: "101", data: {} },
    });
  });

  test("without a user_id the caller is meant", () => {
    expect(asked("system", minimal)).toEqual({
      name: "system.tell",
      args: { ...minimal, user_id: null, data: {} },
    });
    expect(asked("system", { ...minimal, user_id: null, data: null })).toEqual({
      name: "system.tell",
      args: { ...minimal, user_id: null, data: {} },
    });
  });

  test("answers 202 with the documented body", () => {
    expect(answered("system", { notification_id: 9 })).toBe(
      '{"status":202,"body":{"status":"system notification sent"}}',
    );
    expect(at("system").response?.safeParse({ status: "system notification sent" }).success).toBe(true);
  });
});

describe("the tables", () => {
  test("the endpoints need a token or key and name their required fields in order", () => {
    expect(
      onetask.endpoints.map(({ method, proof, status, required }) => ({ method, proof, status, required })),
    ).toEqual([
      { method: "POST", proof: "any", status: 202, required: ["task_id", "title", "action"] },
      { method: "POST", proof: "any", status: 202, required: ["workspace_id", "title", "content"] },
      { method: "POST", proof: "any", status: 202, required: ["title", "content"] },
    ]);
  });

  test("the sockets are where they are documented", () => {
    expect(
      onetask.sockets.map(({ path, proof, personal, announcements }) => ({
        path,
        proof,
        personal,
        announcements,
      })),
    ).toEqual([
      { path: "/ws/notifications", proof: "token", personal: true, announcements: true },
      { path: "/ws/tasks/:workspace_id", proof: "token", personal: false, announcements: false },
      { path: "/ws/focus-session/:session_id", proof: "token", personal: false, announcements: false },
    ]);
  });

  test("a path names its topic, and an invalid id names none", () => {
    const [, tasks, focus] = onetask.sockets;
    expect(tasks?.topic?.({ workspace_id: "789" })).toBe("workspace:789");
    expect(focus?.topic?.({ session_id: "focus-123" })).toBe("focus:focus-123");
    for (const bad of ["", "x".repeat(129), "a\nb", "\ud800"]) {
      expect(tasks?.topic?.({ workspace_id: bad })).toBeNull();
      expect(focus?.topic?.({ session_id: bad })).toBeNull();
    }
    expect(tasks?.topic?.({})).toBeNull();
  });

  test("a handshake without a good token is told 403, one too many 429", () => {
    expect(onetask.handshake).toEqual({ unauthenticated: { status: 403 }, tooMany: { status: 429 } });
  });
});
