/** The client's types say what the server's schemas say: a drift of either fails the compiler. */
import { expect, test } from "bun:test";
import { z } from "zod";
import type {
  ChatFrame,
  DiaryMessage,
  EventData,
  EventKind,
  EventOf,
  FocusSession,
  InboxItem,
  Level,
  Member,
  Message,
  NotifierFrame,
  OnetaskFocusNotice,
  OnetaskFocusUpdate,
  OnetaskNotification,
  OnetaskSystemEvent,
  OnetaskTaskEvent,
  OnetaskV1FocusChange,
  OnetaskV1FocusUpdate,
  OnetaskV1Notification,
  OnetaskV1TaskUpdate,
  OnetaskWorkspaceEvent,
  Notice,
  Page,
  Room,
  Task,
  TaskAction,
  Workspace,
} from "../../src/client/client.ts";
import type {
  ClientFrame,
  Published,
  ReplyFrame,
  ResumedFrame,
  WelcomeFrame,
} from "../../src/client/frames.ts";
import type {
  EventKind as CoreKind,
  Level as CoreLevel,
  TaskAction as CoreAction,
} from "../../src/core/event.ts";
import type { frames as chat } from "../../src/dialects/chat/frames.ts";
import type { frames as diary } from "../../src/dialects/diary/frames.ts";
import type { eventFrames, frames as native } from "../../src/dialects/native/frames.ts";
import type { frames as notifier } from "../../src/dialects/notifier/frames.ts";
import type { frames as onetaskV1 } from "../../src/dialects/onetask-v1/frames.ts";
import type {
  focusNotice,
  frames as onetask,
  systemEventBody,
  taskEventBody,
  workspaceEventBody,
} from "../../src/dialects/onetask/frames.ts";
import { NATIVE_ENDPOINTS } from "../../src/http/native/all.ts";
import type { noticeBody } from "../../src/http/native/schemas.ts";

type DeepReadonly<T> = T extends (infer I)[]
  ? readonly DeepReadonly<I>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
type Out<S extends z.ZodType> = DeepReadonly<z.output<S>>;
type In<S extends z.ZodType> = DeepReadonly<z.input<S>>;

/** Each takes the other. Wrapped, so that unions are compared whole. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** What the client may say, the server reads. */
type Takes<Schema, Said> = [Said] extends [Schema] ? true : false;

/** `event_id` is the core's: added to the durable frames of every dialect. */
type Bare<F> = F extends unknown ? Omit<F, "event_id"> : never;
type Said<T extends ClientFrame["type"]> = Extract<ClientFrame, { readonly type: T }>;

test("every kind of event has the data that the native dialect tells", () => {
  const same: { readonly [K in EventKind]: Same<EventOf<K>, Out<(typeof eventFrames)[K]>> } = {
    "notification.created": true,
    "announcement.created": true,
    "notification.read": true,
    "notification.deleted": true,
    "task.created": true,
    "task.updated": true,
    "task.completed": true,
    "task.deleted": true,
    "message.created": true,
    "message.edited": true,
    "message.deleted": true,
    "workspace.created": true,
    "workspace.updated": true,
    "workspace.archived": true,
    "member.added": true,
    "member.removed": true,
    "room.moved": true,
    "focus.updated": true,
    "focus.joined": true,
    "focus.left": true,
    "focus.relayed": true,
    "user.joined": true,
    "user.left": true,
  };
  // The notifier's broadcast is told to no other dialect.
  const kinds: Same<EventKind, Exclude<CoreKind, "user.broadcast">> = true;
  const words: [Same<Level, CoreLevel>, Same<TaskAction, CoreAction>] = [true, true];
  expect([...Object.values(same), kinds, ...words]).not.toContain(false);
  expect<Same<keyof EventData, keyof typeof eventFrames>>(true).toBe(true);
});

test("the native dialect's other frames are read, and what is sent is taken", () => {
  type S = (typeof native)["server"];
  type C = (typeof native)["client"];
  type Reply = Extract<ReplyFrame, object>;
  const all: [
    Same<WelcomeFrame, Out<S["welcome"]>>,
    Same<ResumedFrame, Out<S["resumed"]>>,
    Same<Published, Out<S["published"]>["data"]>,
    Takes<Reply, Out<S["error"]>>,
    Takes<Reply, Out<S["subscriptions"]>>,
    Takes<Reply, Out<S["published"]>>,
    Takes<Reply, Out<S["refreshed"]>>,
    Takes<In<C["subscribe"]>, Said<"subscribe">>,
    Takes<In<C["unsubscribe"]>, Said<"unsubscribe">>,
    Takes<In<C["publish"]>, Said<"publish">>,
    Takes<In<C["refresh"]>, Said<"refresh">>,
    Takes<In<C["ping"]>, Said<"ping">>,
  ] = [true, true, true, true, true, true, true, true, true, true, true, true];
  expect(all).not.toContain(false);
});

test("the documented dialects' frames are as their schemas say", () => {
  type Chat = (typeof chat)["server"];
  const frames: { readonly [T in keyof Chat]: Same<Bare<Extract<ChatFrame, { type: T }>>, Out<Chat[T]>> } = {
    connected: true,
    joined_room: true,
    left_room: true,
    user_joined: true,
    user_left: true,
    message: true,
    "message.edited": true,
    "message.deleted": true,
    "task.created": true,
    "task.updated": true,
    "task.status_changed": true,
    "task.assigned": true,
    "task.deleted": true,
    "project.updated": true,
    "project.archived": true,
    "notification.new": true,
    pong: true,
    refreshed: true,
    error: true,
  };
  const types: Same<ChatFrame["type"], keyof Chat> = true;
  type Told = (typeof notifier)["server"];
  const notices: { readonly [N in keyof Told]: Takes<NotifierFrame, z.output<Told[N]>> } = {
    welcome: true,
    rooms: true,
    echo: true,
    room_message: true,
    broadcast: true,
    notification: true,
    room_notification: true,
    announcement: true,
    task: true,
    error: true,
  };
  type One = (typeof onetask)["server"];
  type V1 = (typeof onetaskV1)["server"];
  const others: [
    Same<NotifierFrame["type"], { [N in keyof Told]: z.output<Told[N]>["type"] }[keyof Told]>,
    // Its data is any JSON, which has no depth at which it would be read-only.
    Takes<Bare<OnetaskNotification>, z.output<One["notification"]>>,
    Same<keyof Bare<OnetaskNotification>, keyof z.output<One["notification"]>>,
    Takes<Bare<OnetaskFocusUpdate>, Out<One["focus_session_update"]>>,
    Same<keyof Bare<OnetaskFocusUpdate>, keyof Out<One["focus_session_update"]>>,
    Takes<OnetaskFocusNotice, Out<typeof focusNotice>>,
    Same<Bare<OnetaskV1Notification>, Out<V1["notification"]>>,
    Same<Bare<OnetaskV1TaskUpdate>, Out<V1["task_update"]>>,
    Takes<Bare<OnetaskV1FocusUpdate>, Out<V1["focus_update"]>>,
    Same<Bare<DiaryMessage>, Out<(typeof diary)["server"]["message"]>>,
  ] = [true, true, true, true, true, true, true, true, true, true];
  expect([...Object.values(frames), ...Object.values(notices), types, ...others]).not.toContain(false);
});

test("what is sent to the documented endpoints and sockets has their fields", () => {
  type Fields<S extends z.ZodType, T> = Same<keyof z.input<S>, keyof T>;
  const all: [
    Fields<typeof taskEventBody, OnetaskTaskEvent>,
    Fields<typeof workspaceEventBody, OnetaskWorkspaceEvent>,
    Fields<typeof systemEventBody, OnetaskSystemEvent>,
    Fields<(typeof onetaskV1)["client"]["focus"], OnetaskV1FocusChange>,
    Fields<typeof noticeBody, Notice>,
  ] = [true, true, true, true, true];
  expect(all).not.toContain(false);
});

/** The compiler holds each list to the client's type, the test to the server's schema. */
const RESOURCES = {
  "GET /api/v1/notifications": page<InboxItem>({
    id: true,
    title: true,
    content: true,
    notification_type: true,
    level: true,
    related_entity_type: true,
    related_entity_id: true,
    data: true,
    read: true,
    created_at: true,
  }),
  "GET /api/v1/rooms": page<Room>({ room: true, workspace_id: true }),
  "GET /api/v1/rooms/:room/messages": page<Message>({
    id: true,
    room: true,
    user_id: true,
    username: true,
    content: true,
    metadata: true,
    created_at: true,
    edited_at: true,
    deleted_at: true,
  }),
  "GET /api/v1/workspaces/:id/tasks": page<Task>({
    id: true,
    workspace_id: true,
    title: true,
    description: true,
    status: true,
    priority: true,
    due_date: true,
    user_id: true,
    creator_id: true,
    version: true,
    created_at: true,
    updated_at: true,
    completed_at: true,
  }),
  "GET /api/v1/workspaces": page<Workspace>({
    id: true,
    name: true,
    owner_id: true,
    archived: true,
    created_at: true,
  }),
  "GET /api/v1/workspaces/:id/members": page<Member>({
    user_id: true,
    username: true,
    role: true,
    added_at: true,
  }),
  "GET /api/v1/focus-sessions": page<FocusSession>({
    id: true,
    title: true,
    workspace_id: true,
    status: true,
    current_task_id: true,
    created_at: true,
    updated_at: true,
  }),
} as const;

function page<T>(item: Readonly<Record<keyof T, true>>): { page: (keyof Page<T>)[]; item: string[] } {
  return { page: ["items", "next"], item: Object.keys(item) };
}

interface JsonSchema {
  readonly properties: Readonly<Record<string, { readonly items?: JsonSchema }>>;
}

test("resources have the fields that the endpoints answer with", () => {
  const endpoints = NATIVE_ENDPOINTS;
  const answered = Object.fromEntries(
    endpoints
      .filter(({ method, path }) => `${method} ${path}` in RESOURCES)
      .map(({ method, path, response }) => {
        const schema = z.toJSONSchema(response as z.ZodType, {
          unrepresentable: "any",
        }) as unknown as JsonSchema;
        const item = schema.properties["items"]?.items as JsonSchema;
        return [
          `${method} ${path}`,
          { page: Object.keys(schema.properties), item: Object.keys(item.properties) },
        ];
      }),
  );
  expect(answered).toEqual(RESOURCES);
});
