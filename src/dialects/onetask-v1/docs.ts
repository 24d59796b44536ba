/** What the documentation says of each frame. Source of the examples: document 001. */
import type { DocsOf } from "../dialect.ts";
import type { frames } from "./frames.ts";

export const docs = {
  client: {
    focus: {
      summary: "Changes the session's status or task; every participant hears of it, the sender too.",
      at: ["focus"],
      examples: [
        { action: "status_change", status: "active", current_task_id: 456 },
        { status: "break" },
        { action: "note", data: { text: "Five more minutes" } },
      ],
    },
  },
  server: {
    notification: {
      summary: "A notification of the user.",
      at: ["notifications"],
      tells: ["notification.created", "announcement.created"],
      examples: [
        {
          type: "notification",
          data: {
            id: 123,
            title: "Task Completed",
            content: "You've completed 'Project Proposal'",
            created_at: "2025-03-23T14:30:00.000Z",
            read: false,
            related_entity_type: "task",
            related_entity_id: 456,
          },
        },
      ],
    },
    task_update: {
      summary: "A task of the workspace was created, updated, completed or deleted.",
      at: ["tasks"],
      tells: ["task.created", "task.updated", "task.completed", "task.deleted"],
      examples: [
        {
          type: "task_update",
          action: "created",
          data: {
            id: 456,
            title: "New Task",
            description: "Task description",
            status: "todo",
            priority: "high",
            due_date: "2025-04-01T12:00:00.000Z",
            workspace_id: 789,
            user_id: 101,
          },
        },
        {
          type: "task_update",
          action: "completed",
          data: {
            id: 456,
            title: "A task that only its backend stores",
            description: null,
            status: "completed",
            priority: null,
            due_date: null,
            workspace_id: 789,
            user_id: null,
          },
        },
      ],
    },
    focus_update: {
      summary: "Who came, who left, what changed in the session, what a participant sent along.",
      at: ["focus"],
      tells: [
        "focus.updated",
        "focus.joined",
        "focus.left",
        "focus.relayed",
        "member.added",
        "member.removed",
      ],
      answers: ["focus"],
      examples: [
        {
          type: "focus_update",
          action: "participant_joined",
          data: {
            session_id: "focus-123",
            user: { id: 101, username: "johndoe" },
            status: "active",
            current_task_id: 456,
          },
        },
        {
          type: "focus_update",
          action: "note",
          data: {
            session_id: "focus-123",
            user: { id: 101, username: "johndoe" },
            status: "active",
            current_task_id: 456,
            data: { text: "Five more minutes" },
          },
        },
      ],
    },
  },
} as const satisfies DocsOf<typeof frames>;
