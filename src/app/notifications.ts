import { isoTime } from "../core/clock.ts";
import type { CommandArgs, CommandReply, NoticeArgs } from "../core/command.ts";
import { type ErrorCode, isRefusal } from "../core/errors.ts";
import type { JsonObject, Level, TaskAction } from "../core/event.ts";
import { type WireId, isIdText, toWireId } from "../core/ids.ts";
import type { Principal } from "../core/principal.ts";
import { type Topic, parseRoom } from "../core/topic.ts";
import type { Hub } from "../hub/hub.ts";

/** What the server answered instead: a stable code, and one line that says what to do. */
export class DragomanError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.name = "DragomanError";
    this.code = code;
  }
}

export interface Notice {
  readonly message: string;
  readonly title?: string;
  readonly level?: Level;
  readonly data?: JsonObject;
  readonly link?: string;
  readonly priority?: string;
  /** Told and put into inboxes then; answers that nobody has heard it yet. A text is ISO 8601. */
  readonly deliverAt?: Date | string;
  /** Gone from inboxes after this. */
  readonly expiresAt?: Date | string;
}

/**
 * Tells users from the embedding program. Everything is stored before it is told, and reaches
 * every listener in the dialect that its client speaks. Rejects with a DragomanError.
 */
export interface Notifications {
  /** True where the user is connected; stored for the inbox either way. */
  notifyUser(notice: Notice & { readonly userId: WireId }): Promise<boolean>;
  /** The number of users in the room now. A room in any spelling: `project_123`, `project:123`. */
  notifyRoom(notice: Notice & { readonly roomName: string }): Promise<number>;
  /** The number of users connected. */
  broadcast(notice: Notice): Promise<number>;
  /** As notifyUser, told as the user's personal room. */
  notifyUserInRoom(notice: Notice & { readonly userId: WireId }): Promise<boolean>;
  /** A task event: the workspace hears the change, the targets are notified. Answers how many were. */
  notifyTask(task: {
    readonly taskId: WireId;
    readonly title: string;
    readonly action: TaskAction;
    readonly workspaceId?: WireId;
    readonly targetUserIds?: readonly WireId[];
    readonly actorId?: WireId;
  }): Promise<number>;
  /** A notification for all members of a workspace; answers how many. */
  notifyWorkspace(event: {
    readonly workspaceId: WireId;
    readonly title: string;
    readonly content: string;
    readonly type?: string;
    readonly relatedEntityType?: string;
    readonly relatedEntityId?: WireId;
    readonly data?: JsonObject;
    readonly excludeUserIds?: readonly WireId[];
  }): Promise<number>;
  /** A system notification for one user; answers its id. */
  notifySystem(event: {
    readonly userId: WireId;
    readonly title: string;
    readonly content: string;
    readonly data?: JsonObject;
  }): Promise<number>;
  isUserConnected(userId: WireId): boolean;
  getConnectedUsers(): WireId[];
  getRoomMembers(roomName: string): WireId[];
}

/** The embedding program acts as a service key does: for anyone. */
const PROGRAM: Principal = {
  kind: "key",
  id: "embedded",
  username: "system",
  admin: true,
  rooms: [],
  workspaces: [],
  expiresAt: Number.POSITIVE_INFINITY,
};

export function createNotifications(hub: Hub): Notifications {
  const execute = async <N extends Parameters<Hub["execute"]>[1]>(
    name: N,
    args: CommandArgs<N>,
  ): Promise<CommandReply<N>> => {
    const reply = await hub.execute(PROGRAM, name, args);
    if (isRefusal(reply)) throw new DragomanError(reply.refused, reply.detail);
    return reply;
  };
  const notifyUser = async (
    { userId, ...notice }: Notice & { userId: WireId },
    inRoom: boolean,
  ): Promise<boolean> =>
    (await execute("notify.user", { user_id: idOf(userId), inRoom, notice: noticeOf(notice) })).delivered;

  return {
    notifyUser: (notice) => notifyUser(notice, false),
    notifyUserInRoom: (notice) => notifyUser(notice, true),
    notifyRoom: async ({ roomName, ...notice }) =>
      (await execute("notify.room", { topic: roomOf(roomName), notice: noticeOf(notice) })).count,
    broadcast: async (notice) => (await execute("notify.everyone", { notice: noticeOf(notice) })).count,
    notifyTask: async (task) =>
      (
        await execute("task.tell", {
          task_id: idOf(task.taskId),
          title: task.title,
          action: task.action,
          workspace_id: task.workspaceId === undefined ? null : idOf(task.workspaceId),
          targets: (task.targetUserIds ?? []).map(idOf),
          as_user: task.actorId === undefined ? null : idOf(task.actorId),
        })
      ).recipient_count,
    notifyWorkspace: async (event) =>
      (
        await execute("workspace.tell", {
          workspace_id: idOf(event.workspaceId),
          title: event.title,
          content: event.content,
          type: event.type ?? "workspace",
          related_entity_type: event.relatedEntityType ?? null,
          related_entity_id: event.relatedEntityId === undefined ? null : idOf(event.relatedEntityId),
          data: event.data ?? {},
          exclude: (event.excludeUserIds ?? []).map(idOf),
        })
      ).recipient_count,
    notifySystem: async ({ userId, title, content, data }) =>
      (await execute("system.tell", { user_id: idOf(userId), title, content, data: data ?? {} }))
        .notification_id,
    isUserConnected: (userId) => hub.presence.isConnected(idOf(userId)),
    getConnectedUsers: () => hub.presence.users().map(toWireId),
    getRoomMembers: (roomName) => hub.presence.usersIn(roomOf(roomName)).map(toWireId),
  };
}

function idOf(id: WireId): string {
  const text = String(id);
  if (!isIdText(text))
    throw new DragomanError("BAD_FIELDS", "An id has 1 to 128 characters, none of them a control character.");
  return text;
}

function roomOf(name: string): Topic {
  const topic = parseRoom(name);
  if (topic === null)
    throw new DragomanError(
      "BAD_ROOM",
      "A room name has 1 to 128 characters, none of them a control character.",
    );
  return topic;
}

function noticeOf(notice: Notice): NoticeArgs {
  if (typeof notice.message !== "string" || notice.message === "")
    throw new DragomanError("BAD_FIELDS", "A notification needs a message.");
  const { deliverAt, expiresAt, ...said } = notice;
  return {
    ...said,
    ...(deliverAt === undefined ? {} : { deliver_at: timeOf("deliverAt", deliverAt) }),
    ...(expiresAt === undefined ? {} : { expires_at: timeOf("expiresAt", expiresAt) }),
  };
}

function timeOf(name: string, time: Date | string): string {
  const ms = typeof time === "string" ? Date.parse(time) : time.getTime();
  if (Number.isNaN(ms))
    throw new DragomanError(
      "BAD_FIELDS",
      `${name} is a Date or an ISO 8601 time, as in 2026-01-31T09:00:00Z.`,
    );
  return isoTime(ms);
}
