/**
 * Why a socket is closed: code, reason, whether to come back, and the remedy. A dialect may map
 * a cause to a code of its own (chat: `expired` → 4401).
 */
export const CLOSES = {
  expired: {
    code: 1008,
    reason: "Token expired",
    reconnect: false,
    remedy: "Get a fresh token and connect again, or send a refresh frame before it expires.",
  },
  unauthenticated: {
    code: 4401,
    reason: "Authentication Failed",
    reconnect: false,
    remedy: "Get a valid token; reconnecting with the same one cannot succeed.",
  },
  forbidden: {
    code: 4403,
    reason: "Forbidden",
    reconnect: false,
    remedy: "Ask for membership of the room or workspace.",
  },
  revoked: {
    code: 1008,
    reason: "Access removed",
    reconnect: false,
    remedy: "Access to this path was taken away; ask for membership.",
  },
  keyRevoked: {
    code: 1008,
    reason: "Key revoked",
    reconnect: false,
    remedy: "The service key was revoked; give the backend another one: dragoman key create NAME.",
  },
  tooMany: {
    code: 4429,
    reason: "Too Many Connections",
    reconnect: true,
    remedy: "Close another connection of this user, or raise MAX_CONNECTIONS_PER_USER.",
  },
  flooding: {
    code: 1008,
    reason: "Too many frames",
    reconnect: true,
    remedy: "Send fewer frames a second (RATE_LIMIT_FRAMES), and wait for answers (MAX_QUEUED_FRAMES).",
  },
  tooLarge: {
    code: 1009,
    reason: "Frame too large",
    reconnect: true,
    remedy: "Send frames smaller than MAX_MESSAGE_BYTES.",
  },
  slow: {
    code: 1013,
    reason: "Reader too slow",
    reconnect: true,
    remedy:
      "Read faster, or listen to less; reconnect with last_event_id to miss nothing (MAX_UNREAD_BYTES).",
  },
  restart: {
    code: 1012,
    reason: "Service restart",
    reconnect: true,
    remedy: "Reconnect after a short random delay.",
  },
  disconnected: {
    code: 1008,
    reason: "Disconnected by an admin",
    reconnect: false,
    remedy: "Ask the administrator.",
  },
  internal: {
    code: 4500,
    reason: "Internal Server Error",
    reconnect: true,
    remedy: "Reconnect; the server's log has the cause.",
  },
} as const satisfies Record<string, { code: number; reason: string; reconnect: boolean; remedy: string }>;

/** Ends that the server did not bring about, by what the security log calls them. */
export const ENDS = {
  client: { remedy: "Nothing: the client, or whoever left its page, ended it." },
  lost: {
    remedy:
      "It broke without a farewell: the network, a client that answered no ping, or a proxy whose idle timeout is not longer than WS_HEARTBEAT_INTERVAL. dragoman doctor --url tells which.",
  },
} as const satisfies Record<string, { remedy: string }>;

/** How a socket ended that the server did not close, by the code that the runtime has. */
export const endOf = (code: number): keyof typeof ENDS => (code === 1006 ? "lost" : "client");

export type CloseCause = keyof typeof CLOSES;

/** A close as it leaves: the code and a reason of at most 123 bytes. */
export interface Close {
  readonly code: number;
  readonly reason: string;
}
