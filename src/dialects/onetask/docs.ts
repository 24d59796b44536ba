/** What the documentation says of each frame. Source of the examples: document 000. */
import type { DocsOf } from "../dialect.ts";
import type { frames } from "./frames.ts";

export const docs = {
  client: {
    focus: {
      summary: "Any JSON at all: every participant of the session gets it, the sender too.",
      at: ["focus"],
      examples: [{ action: "start_timer", minutes: 25 }, "Coffee?"],
    },
  },
  server: {
    notification: {
      summary: "A notification, or, on the tasks socket, a change of a task of the workspace.",
      at: ["notifications", "tasks"],
      tells: [
        "notification.created",
        "announcement.created",
        "task.created",
        "task.updated",
        "task.completed",
        "task.deleted",
      ],
      examples: [
        {
          type: "notification",
          notification_id: 123,
          title: "Notification Title",
          content: "Notification content text",
          notification_type: "task",
          related_entity_type: "task",
          related_entity_id: 456,
          created_at: "2025-03-23T22:40:01.352Z",
          data: { task_id: 456, action: "updated", workspace_id: 789, actor_id: 101 },
        },
        {
          type: "notification",
          notification_id: 124,
          title: "System Notification",
          content: "Important system message.",
          notification_type: "system",
          related_entity_type: null,
          related_entity_id: null,
          created_at: "2025-03-23T22:40:01.352Z",
          data: {},
        },
      ],
    },
    focus_session_update: {
      summary: "What a participant sent; or who came, who left, what changed in the session.",
      at: ["focus"],
      tells: [
        "focus.relayed",
        "focus.updated",
        "focus.joined",
        "focus.left",
        "member.added",
        "member.removed",
      ],
      answers: ["focus"],
      examples: [
        {
          type: "focus_session_update",
          session_id: "123",
          sender_id: 101,
          data: { action: "start_timer", minutes: 25 },
        },
        {
          type: "focus_session_update",
          session_id: "123",
          sender_id: 101,
          data: {
            action: "participant_joined",
            user: { id: 101, username: "johndoe" },
            status: "active",
            current_task_id: null,
          },
        },
      ],
    },
  },
} as const satisfies DocsOf<typeof frames>;
