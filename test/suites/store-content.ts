import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import { ADA, ALL, BOB, EVE, gist, notice, storeTest, type OpenStore } from "./store-support.ts";

export function storeContentSuite(open: OpenStore): void {
  describe("notifications", () => {
    storeTest("a notification is one event for all its recipients, each once", open, async ({ does }) => {
      const { value, events } = await does("notification.add", {
        topics: ["channel:9", "channel:9"],
        recipients: ["7", "9", "7"],
        actor: EVE,
        data: notice(),
      });
      expect(events).toEqual([
        {
          kind: "notification.created",
          topics: ["channel:9"],
          recipients: ["7", "9"],
          actor: EVE,
          data: notice(),
          id: value.notification_id,
          at: expect.any(String),
        },
      ]);
    });

    storeTest("a notification for a room alone is not personal", open, async ({ does }) => {
      const { events } = await does("notification.add", {
        topics: ["room:lobby"],
        recipients: [],
        actor: null,
        data: notice({ room: "room:lobby" }),
      });
      expect(events[0]).toMatchObject({ topics: ["room:lobby"], recipients: null, actor: null });
    });

    storeTest("an announcement is for everyone and nobody in particular", open, async ({ does, store }) => {
      await does("user.seen", { users: [EVE] });
      const { events } = await does("announcement.add", { actor: null, data: notice(), inbox: true });
      expect(gist(events)).toEqual([
        { kind: "announcement.created", topics: ["everyone"], recipients: null, data: notice() },
      ]);
      expect(await store.replay(["everyone"], EVE.id, ALL)).toEqual(events);
      expect(await store.replay([], EVE.id, ALL)).toEqual([]);
    });

    storeTest(
      "a workspace is told: its members but the excluded, in one event",
      open,
      async ({ does, refuses }) => {
        await does("workspace.create", { id: "W", name: "W", owner: EVE });
        for (const user_id of ["7", "9"])
          await does("member.put", { topic: "workspace:W", user_id, role: "member", actor: EVE });
        const args = { workspace_id: "W", exclude: ["9"], actor: EVE, data: notice(), mustExist: true };
        const { value, events } = await does("workspace.tell", args);
        expect(value).toEqual({ recipient_count: 2 });
        expect(gist(events)).toEqual([
          { kind: "notification.created", topics: [], recipients: expect.any(Array), data: notice() },
        ]);
        expect(events[0]?.recipients?.toSorted()).toEqual(["5", "7"]);

        expect(await does("workspace.tell", { ...args, exclude: ["5", "7", "9"] })).toEqual({
          value: { recipient_count: 0 },
          events: [],
        });
        expect(await refuses("workspace.tell", { ...args, workspace_id: "X" })).toEqual({
          refused: "NOT_FOUND",
          detail: "Workspace not found",
        });
        expect(await does("workspace.tell", { ...args, workspace_id: "X", mustExist: false })).toEqual({
          value: { recipient_count: 0 },
          events: [],
        });
      },
    );
  });

  describe("messages", () => {
    storeTest("a message is told to its topic", open, async ({ does, store, clock }) => {
      const { value, events } = await does("message.send", {
        topic: "channel:9",
        content: "hello",
        metadata: { a: [1, null] },
        actor: EVE,
      });
      expect(value.created_at).toBe(isoTime(clock.now()));
      const data = {
        message_id: value.message_id,
        content: "hello",
        user_id: "5",
        username: "Eve",
        metadata: { a: [1, null] },
      };
      expect(events).toEqual([
        {
          kind: "message.created",
          topics: ["channel:9"],
          recipients: null,
          actor: EVE,
          data,
          id: value.message_id,
          at: value.created_at,
        },
      ]);
      expect(await store.message(value.message_id)).toEqual({
        id: value.message_id,
        topic: "channel:9",
        user_id: "5",
        deleted_at: null,
      });
      expect(await store.message(value.message_id + 1)).toBeNull();
    });

    storeTest(
      "its author and the privileged edit a message, nobody else",
      open,
      async ({ does, refuses, clock }) => {
        const { message_id } = (
          await does("message.send", { topic: "channel:9", content: "helo", metadata: {}, actor: EVE })
        ).value;
        clock.advance(1_000);
        const edited = await does("message.edit", {
          message_id,
          content: "hello",
          editor: { actor: EVE, privileged: false },
        });
        expect(edited.value).toEqual({ message_id, edited_at: isoTime(clock.now()) });
        expect(gist(edited.events)).toEqual([
          {
            kind: "message.edited",
            topics: ["channel:9"],
            recipients: null,
            data: { message_id, content: "hello", edited_at: edited.value.edited_at },
          },
        ]);
        const byAdmin = await does("message.edit", {
          message_id,
          content: "Hello",
          editor: { actor: null, privileged: true },
        });
        expect(byAdmin.events[0]?.actor).toBeNull();
        for (const actor of [ADA, null]) {
          const refused = await refuses("message.edit", {
            message_id,
            content: "mine",
            editor: { actor, privileged: false },
          });
          expect(refused.refused).toBe("FORBIDDEN");
        }
      },
    );

    storeTest(
      "a deleted message keeps its place and cannot be changed again",
      open,
      async ({ does, refuses, store, clock }) => {
        const { message_id } = (
          await does("message.send", { topic: "channel:9", content: "oops", metadata: {}, actor: EVE })
        ).value;
        expect(
          (await refuses("message.delete", { message_id, editor: { actor: ADA, privileged: false } }))
            .refused,
        ).toBe("FORBIDDEN");
        const { value, events } = await does("message.delete", {
          message_id,
          editor: { actor: ADA, privileged: true },
        });
        expect(value).toEqual({ message_id, deleted_at: isoTime(clock.now()) });
        expect(gist(events)).toEqual([
          { kind: "message.deleted", topics: ["channel:9"], recipients: null, data: value },
        ]);
        expect((await store.message(message_id))?.deleted_at).toBe(value.deleted_at);
        const editor = { actor: EVE, privileged: true };
        const gone = { refused: "NOT_FOUND", detail: "Message not found" } as const;
        expect(await refuses("message.delete", { message_id, editor })).toEqual(gone);
        expect(await refuses("message.edit", { message_id, content: "x", editor })).toEqual(gone);
        expect(await refuses("message.edit", { message_id: 1, content: "x", editor })).toEqual(gone);
      },
    );
  });

  describe("focus sessions", () => {
    storeTest(
      "a session starts active and without a task; what is not given stays",
      open,
      async ({ does, store }) => {
        expect(await store.focus("s")).toBeNull();
        const update = async (more: { status?: string; current_task_id?: string | null; data?: string }) =>
          (await does("focus.update", { session_id: "s", user: BOB, action: "status_change", ...more }))
            .value;
        expect(await update({})).toEqual({ session_id: "s", status: "active", current_task_id: null });
        expect(await update({ current_task_id: "42" })).toEqual({
          session_id: "s",
          status: "active",
          current_task_id: "42",
        });
        expect(await update({ status: "paused" })).toEqual({
          session_id: "s",
          status: "paused",
          current_task_id: "42",
        });
        expect(await update({ current_task_id: null })).toEqual({
          session_id: "s",
          status: "paused",
          current_task_id: null,
        });
        expect(await store.focus("s")).toEqual({ session_id: "s", status: "paused", current_task_id: null });
      },
    );

    storeTest("an update tells the new state, who did it and what rode along", open, async ({ does }) => {
      const { events } = await does("focus.update", {
        session_id: "s",
        user: BOB,
        action: "break",
        status: "paused",
        data: { minutes: 5 },
      });
      const data = {
        session_id: "s",
        status: "paused",
        current_task_id: null,
        user: BOB,
        action: "break",
        data: { minutes: 5 },
      };
      expect(gist(events)).toEqual([{ kind: "focus.updated", topics: ["focus:s"], recipients: null, data }]);
      expect(events[0]?.actor).toEqual(BOB);
    });
  });
}
