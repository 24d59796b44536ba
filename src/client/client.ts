/**
 * The client of Dragoman, for browsers, Bun, Deno and Node. No dependencies.
 *
 *     import { createClient } from "dragoman/client";
 *     const client = createClient({ url: "https://rt.example.com", token });
 *     for await (const event of client.subscribe("channel:1")) console.log(event.kind, event.data);
 */
export type { ClientClock } from "./clock.ts";
export type { Cursor } from "./cursors.ts";
export { type Chat, chat, type ChatFrame, type ChatNotification } from "./dialects/chat.ts";
export type {
  ConnectionEvents,
  DialectClient,
  DialectEvents,
  DialectOptions,
} from "./dialects/dialect-client.ts";
export { type Diary, diary, type DiaryMessage, type DiaryOptions } from "./dialects/diary.ts";
export { type Notifier, notifier, type NotifierFrame, type NotifierNotice } from "./dialects/notifier.ts";
export {
  type OnetaskV1,
  onetaskV1,
  type OnetaskV1Focus,
  type OnetaskV1FocusChange,
  type OnetaskV1FocusUpdate,
  type OnetaskV1Notification,
  type OnetaskV1TaskUpdate,
} from "./dialects/onetask-v1.ts";
export {
  type Onetask,
  onetask,
  type OnetaskFocus,
  type OnetaskFocusNotice,
  type OnetaskFocusUpdate,
  type OnetaskNotification,
  type OnetaskSystemEvent,
  type OnetaskTaskEvent,
  type OnetaskWorkspaceEvent,
} from "./dialects/onetask.ts";
export { DragomanError, type FieldError } from "./errors.ts";
export type * from "./events.ts";
export type { Published } from "./frames.ts";
export type { Http, RequestOptions } from "./http.ts";
export type {
  ClientEvents,
  DragomanClient,
  InboxKind,
  PublishOptions,
  SubscribeOptions,
} from "./native-api.ts";
export { createClient } from "./native-client.ts";
export type {
  ClientOptions,
  ClientState,
  Closed,
  ConnectionOptions,
  CursorStorage,
  Fetch,
  Gap,
  Recovery,
  TokenSource,
  TransportName,
  WebSocketClass,
  WebSocketLike,
} from "./options.ts";
export type * from "./resources.ts";
export type { Subscription, SubscriptionEvents } from "./subscription.ts";
export const VERSION = "0.1.0";
