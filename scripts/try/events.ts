/** What is told, and what each dialect calls it. Source: the five documents, the wire contract's Crossing. */

/** Who tells it: any user's token, or an admin's or a key. */
export type Teller = "user" | "operator";

/** Sockets by `dialect name`, and the frames that each must hear, by their names. */
export type Hears = Readonly<Record<string, readonly string[]>>;

export interface EventContext {
  readonly userId: string;
  /** Empty where there is none to listen to. */
  readonly workspace: string;
  /** `channel:1`; empty likewise. */
  readonly room: string;
  /** In every frame of the event, so that it is found again. */
  readonly marker: string;
}

/** An HTTP request, or a frame that one of the sockets sends. */
export type Told =
  | { readonly path: string; readonly body: object; readonly by: Teller }
  | { readonly from: string; readonly frame: object };

export interface TestEvent {
  readonly name: string;
  readonly tell: (context: EventContext) => Told;
  readonly hears: Hears;
  /** Left out where no workspace, or no room, is there to listen to. */
  readonly needs?: "workspace" | "room";
}

const id = (text: string): number | string => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : text);

/** A notification of one user, in everybody's words. */
const PERSONAL: Hears = {
  "onetask notifications": ["notification"],
  "onetask-v1 notifications": ["notification"],
  "chat connect": ["notification.new"],
  "diary messages": [""],
  "notifier connect": ["info"],
  "native stream": ["notification.created"],
};

/** What everybody who is connected hears. */
const ANNOUNCED: Hears = {
  ...PERSONAL,
  "notifier connect": ["broadcast"],
  "native stream": ["announcement.created"],
};

const SPOKEN: Hears = {
  "chat connect": ["message"],
  "notifier connect": ["room_message"],
  "native stream": ["message.created"],
};

export const EVENTS: readonly TestEvent[] = [
  {
    name: "task event",
    tell: ({ userId, marker }) => ({
      path: "/api/v1/realtime/events/task",
      body: { task_id: 456, title: marker, action: "updated", target_user_ids: [id(userId)] },
      by: "user",
    }),
    hears: PERSONAL,
  },
  {
    name: "task event of a workspace",
    needs: "workspace",
    tell: ({ userId, workspace, marker }) => ({
      path: "/api/v1/realtime/events/task",
      body: {
        task_id: 456,
        title: marker,
        action: "updated",
        workspace_id: id(workspace),
        target_user_ids: [id(userId)],
      },
      by: "user",
    }),
    hears: {
      ...PERSONAL,
      "onetask tasks": ["notification"],
      "onetask-v1 tasks": ["task_update updated"],
      "chat connect": ["notification.new", "task.updated"],
      "notifier connect": ["info", "room_message"],
      "native stream": ["notification.created", "task.updated"],
    },
  },
  {
    name: "workspace event",
    needs: "workspace",
    tell: ({ workspace, marker }) => ({
      path: "/api/v1/realtime/events/workspace",
      body: { workspace_id: id(workspace), title: "Workspace Update", content: marker },
      by: "user",
    }),
    hears: PERSONAL,
  },
  {
    name: "system event",
    tell: ({ marker }) => ({
      path: "/api/v1/realtime/events/system",
      body: { title: "System Notification", content: marker },
      by: "user",
    }),
    hears: PERSONAL,
  },
  {
    name: "diary notification",
    tell: ({ marker }) => ({ path: "/api/v1/ws/notification", body: { message: marker }, by: "operator" }),
    hears: ANNOUNCED,
  },
  {
    name: "notify a user",
    tell: ({ userId, marker }) => ({
      path: `/api/v1/notify/users/${encodeURIComponent(userId)}`,
      body: { message: marker, level: "success" },
      by: "operator",
    }),
    hears: PERSONAL,
  },
  {
    name: "notify a room",
    needs: "room",
    tell: ({ room, marker }) => ({
      path: `/api/v1/notify/rooms/${encodeURIComponent(room)}`,
      body: { message: marker, level: "info" },
      by: "operator",
    }),
    hears: { ...PERSONAL, "notifier connect": ["room_message"] },
  },
  {
    name: "notify everybody",
    tell: ({ marker }) => ({
      path: "/api/v1/notify/broadcast",
      body: { message: marker, level: "warning" },
      by: "operator",
    }),
    hears: ANNOUNCED,
  },
  {
    name: "message over HTTP",
    needs: "room",
    tell: ({ room, marker }) => ({
      path: `/api/v1/rooms/${encodeURIComponent(room)}/messages`,
      body: { content: marker },
      by: "user",
    }),
    hears: SPOKEN,
  },
  {
    name: "message from chat",
    needs: "room",
    tell: ({ room, marker }) => ({
      from: "chat connect",
      frame: { type: "send_message", room, data: { content: marker } },
    }),
    hears: SPOKEN,
  },
  {
    name: "message from notifier",
    needs: "room",
    tell: ({ room, marker }) => ({
      from: "notifier connect",
      frame: { type: "room_message", room: room.replace(":", "_"), data: marker },
    }),
    hears: SPOKEN,
  },
  {
    name: "focus frame from onetask",
    tell: ({ marker }) => ({ from: "onetask focus", frame: { note: marker } }),
    hears: { "onetask focus": ["focus_session_update"], "onetask-v1 focus": ["focus_update message"] },
  },
  {
    name: "focus frame from onetask-v1",
    tell: ({ marker }) => ({
      from: "onetask-v1 focus",
      frame: { action: "status_change", status: "paused", data: { note: marker } },
    }),
    hears: { "onetask focus": ["focus_session_update"], "onetask-v1 focus": ["focus_update status_change"] },
  },
];

/** What a socket says first, so that it listens to the workspace and the room. */
export function joins(name: string, { workspace, room }: EventContext): readonly object[] {
  const rooms = [...(workspace === "" ? [] : [`project:${workspace}`]), ...(room === "" ? [] : [room])];
  if (name === "chat connect") return rooms.map((room) => ({ type: "join_room", room }));
  if (name === "notifier connect")
    return rooms.map((room) => ({ type: "join_room", room: room.replace(":", "_") }));
  return name === "native stream" && rooms.length > 0
    ? [{ id: 1, type: "subscribe", data: { topics: rooms } }]
    : [];
}

/** The answer to one of those. */
export const JOINED: Readonly<Record<string, RegExp>> = {
  "chat connect": /"type":"joined_room"/,
  "notifier connect": /"message":"Joined room: /,
  "native stream": /"type":"reply","to":1,"data"/,
};
