/** The old chat backend, as its document (seed 002) describes it, and not a bit more. */
import { isObject, parseJson } from "../../../src/core/json.ts";
import { backend, type OldBackend, type OldUser, pythonTime, type Socket, userOf } from "./old-backend.ts";

interface Data {
  readonly user: OldUser | null;
  readonly rooms: Set<string>;
}

const MAX_CONNECTIONS = 5;
/** Somebody else's. */
const FORBIDDEN = "project:790";
/** For the backend's own programs. */
export const INTERNAL = "/internal/notify";

export function startOldChat(): OldBackend {
  const sockets = new Set<Socket<Data>>();

  const answer = (socket: Socket<Data>, type: string, data: object, room?: string): void =>
    void socket.send(
      JSON.stringify({ type, ...(room === undefined ? {} : { room }), data, timestamp: pythonTime() }),
    );
  const broadcast = (room: string, type: string, data: object, sender: string, but?: Socket<Data>): void => {
    const frame = JSON.stringify({ type, room, data, sender, timestamp: pythonTime() });
    for (const socket of sockets) if (socket !== but && socket.data.rooms.has(room)) socket.send(frame);
  };

  /** What no client may ask for: the backend's own code tells a user something. */
  const tell = async (request: Request): Promise<Response> => {
    const { user_id, data } = (await request.json()) as { user_id: number; data: object };
    for (const socket of sockets)
      if (socket.data.user?.id === user_id) answer(socket, "notification.new", data);
    return Response.json({ told: true });
  };

  type Frame = Readonly<Record<string, unknown>>;
  const HANDLERS: Readonly<Record<string, (socket: Socket<Data>, user: OldUser, frame: Frame) => void>> = {
    join_room(socket, { id, username }, { room }) {
      if (room === FORBIDDEN) return socket.close(4403, "Forbidden");
      socket.data.rooms.add(String(room));
      answer(socket, "joined_room", { message: `Joined room ${String(room)}` }, String(room));
      broadcast(String(room), "user_joined", { username, user_id: id }, username, socket);
    },
    leave_room(socket, { id, username }, { room }) {
      socket.data.rooms.delete(String(room));
      broadcast(String(room), "user_left", { username, user_id: id }, username);
    },
    send_message(socket, { id, username }, { room, data }) {
      if (!socket.data.rooms.has(String(room)) || !isObject(data))
        return answer(socket, "error", { error: "You are not in this room" });
      const { content, metadata } = data;
      broadcast(
        String(room),
        "message",
        { content, username, user_id: id, metadata: metadata ?? null },
        username,
      );
    },
    ping(socket) {
      answer(socket, "pong", { timestamp: pythonTime() });
    },
  };

  const server = Bun.serve<Data>({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request, self) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === INTERNAL) return tell(request);
      if (pathname !== "/api/v1/ws/connect") return Response.json({ detail: "Not Found" }, { status: 404 });
      const data = { user: await userOf(searchParams.get("token")), rooms: new Set<string>() };
      return self.upgrade(request, { data }) ? undefined : new Response(null, { status: 400 });
    },
    websocket: {
      open(socket) {
        const { user } = socket.data;
        if (user === null) return socket.close(4401, "Authentication Failed");
        const own = [...sockets].filter((other) => other.data.user?.id === user.id).length;
        if (own >= MAX_CONNECTIONS) return socket.close(4429, "Too Many Connections");
        sockets.add(socket);
        answer(socket, "connected", {
          message: "Connected successfully",
          user_id: user.id,
          username: user.username,
        });
      },
      close(socket) {
        sockets.delete(socket);
      },
      message(socket, text) {
        const frame = parseJson(String(text));
        const { user } = socket.data;
        if (user === null) return;
        if (!isObject(frame)) return answer(socket, "error", { error: "Invalid JSON" });
        const handle = HANDLERS[String(frame["type"])];
        if (handle === undefined) return answer(socket, "error", { error: "Unknown type" });
        handle(socket, user, frame);
      },
    },
  });
  return backend(server);
}
