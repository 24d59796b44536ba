/** OneTask's old backend, as its document (seed 000) describes it, and not a bit more. */
import {
  backend,
  bearer,
  type OldBackend,
  type OldUser,
  pythonTime,
  type Socket,
  userOf,
} from "./old-backend.ts";

interface Data {
  readonly user: OldUser;
  /** `notifications`, `tasks/789`, `focus/123`. */
  readonly place: string;
}

const MEMBERS: Readonly<Record<string, readonly number[]>> = { "789": [101, 102] };

const PLACES: readonly (readonly [RegExp, (id: string) => string])[] = [
  [/^\/ws\/notifications$/, () => "notifications"],
  [/^\/ws\/tasks\/(\d+)$/, (id) => `tasks/${id}`],
  [/^\/ws\/focus-session\/([^/]+)$/, (id) => `focus/${id}`],
];

interface Notice {
  readonly title: string;
  readonly content: string;
  readonly type: string;
  readonly related_entity_type?: string | null;
  readonly related_entity_id?: unknown;
  readonly data?: unknown;
}

export function startOldOnetask(): OldBackend {
  const sockets = new Set<Socket<Data>>();
  let lastId = 0;

  const notification = (notice: Notice): string =>
    JSON.stringify({
      type: "notification",
      notification_id: ++lastId,
      title: notice.title,
      content: notice.content,
      notification_type: notice.type,
      related_entity_type: notice.related_entity_type ?? null,
      related_entity_id: notice.related_entity_id ?? null,
      created_at: pythonTime(),
      data: notice.data ?? {},
    });
  const notify = (users: readonly number[], notice: Notice): void => {
    for (const socket of sockets)
      if (socket.data.place === "notifications" && users.includes(socket.data.user.id))
        socket.send(notification(notice));
  };

  type Body = Readonly<Record<string, unknown>>;
  const EVENTS: Readonly<Record<string, (user: OldUser, body: Body) => object>> = {
    task(user, { task_id, title, action, workspace_id, target_user_ids }) {
      const given = (target_user_ids ?? []) as number[];
      const targets = given.length === 0 ? [user.id] : given;
      const notice: Notice = {
        title: `Task ${String(action)}`,
        content: `"${String(title)}" has been ${String(action)} by ${user.username}`,
        type: "task",
        related_entity_type: "task",
        related_entity_id: task_id,
        data: { task_id, action, workspace_id: workspace_id ?? null, actor_id: user.id },
      };
      notify(targets, notice);
      for (const socket of sockets)
        if (socket.data.place === `tasks/${String(workspace_id)}`) socket.send(notification(notice));
      return { status: "notifications sent", recipient_count: targets.length };
    },
    workspace(_user, { workspace_id, title, content, type, exclude_user_ids, ...more }) {
      const excluded = (exclude_user_ids ?? []) as number[];
      const members = MEMBERS[String(workspace_id)] ?? [];
      notify(
        members.filter((id) => !excluded.includes(id)),
        { title: String(title), content: String(content), type: String(type ?? "workspace"), ...more },
      );
      return { status: "workspace notification sent" };
    },
    system(user, { title, content, user_id, data }) {
      notify([Number(user_id ?? user.id)], {
        title: String(title),
        content: String(content),
        type: "system",
        data,
      });
      return { status: "system notification sent" };
    },
  };

  const server = Bun.serve<Data>({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request, self) {
      const { pathname, searchParams } = new URL(request.url);
      for (const [pattern, place] of PLACES) {
        const match = pattern.exec(pathname);
        if (match === null) continue;
        const user = await userOf(searchParams.get("token"));
        // Starlette closes before it accepts, which is a 403.
        if (user === null) return new Response(null, { status: 403 });
        const data: Data = { user, place: place(match[1] ?? "") };
        return self.upgrade(request, { data }) ? undefined : new Response(null, { status: 400 });
      }
      const event = EVENTS[/^\/api\/v1\/realtime\/events\/(\w+)$/.exec(pathname)?.[1] ?? ""];
      if (event === undefined) return Response.json({ detail: "Not Found" }, { status: 404 });
      const user = await userOf(bearer(request));
      if (user === null) return Response.json({ detail: "Could not validate credentials" }, { status: 401 });
      const body = (await request.json().catch(() => null)) as Body | null;
      if (body === null || typeof body["title"] !== "string")
        return Response.json(
          { detail: [{ loc: ["body", "title"], msg: "Field required" }] },
          { status: 422 },
        );
      return Response.json(event(user, body));
    },
    websocket: {
      open(socket) {
        sockets.add(socket);
      },
      close(socket) {
        sockets.delete(socket);
      },
      message({ data: { place, user } }, text) {
        if (!place.startsWith("focus/")) return;
        const update = {
          type: "focus_session_update",
          session_id: place.slice("focus/".length),
          sender_id: user.id,
          data: JSON.parse(String(text)) as unknown,
        };
        for (const other of sockets)
          if (other.data.place === place && other.data.user.id !== user.id)
            other.send(JSON.stringify(update));
      },
    },
  });
  return backend(server);
}
