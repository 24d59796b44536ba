import type { SettingTable } from "./settings-spec.ts";

/** Who may enter what. */
export const ACCESS = {
  ACCESS: {
    kind: "enum",
    values: ["members", "open"],
    default: { serve: "members", dev: "open" },
    help: "Who may enter rooms and workspaces.",
    doc: "members: by stored membership, token grant or webhook; open: every authenticated user.",
  },
  ACCESS_WEBHOOK_URL: { kind: "url", help: "Asked for access that neither memberships nor the token grant." },
  ACCESS_CACHE_SECONDS: {
    kind: "seconds",
    default: 30,
    min: 1,
    max: 86400,
    zero: "off",
    unit: "seconds",
    help: "How long an answer of the webhook holds.",
  },
} as const satisfies SettingTable;

/** Where the original backends differed, or somebody may want another answer. */
export const DIALECTS = {
  DIARY: {
    kind: "enum",
    values: ["open", "token", "off"],
    default: { serve: "token", dev: "open" },
    help: "Whether the diary endpoints need proof: open needs none; off answers 404.",
  },
  ANNOUNCEMENTS: {
    kind: "enum",
    values: ["live", "inbox"],
    default: "live",
    help: "inbox also keeps announcements for users who are away.",
  },
  BROADCAST: {
    kind: "enum",
    values: ["users", "admins"],
    default: "users",
    help: "Who may send the notifier's broadcast.",
  },
  FORBIDDEN_JOIN: {
    kind: "enum",
    values: ["close", "error"],
    default: "close",
    help: "After a forbidden join a chat socket is closed (4403), or stays open.",
  },
} as const satisfies SettingTable;

/** How much anybody may take. */
export const LIMITS = {
  MAX_CONNECTIONS: {
    kind: "int",
    default: 0,
    min: 1,
    max: 10_000_000,
    zero: "off",
    unit: "sockets",
    help: "Sockets in all.",
  },
  MAX_CONNECTIONS_PER_USER: {
    kind: "int",
    default: 5,
    min: 1,
    max: 100_000,
    zero: "off",
    unit: "sockets",
    help: "Sockets of one user for each endpoint and path id.",
  },
  MAX_HANDSHAKES: {
    kind: "int",
    default: 1000,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "sockets",
    help: "Sockets that wait at once for keys or for the access webhook; of one address half as many.",
  },
  MAX_ROOMS_PER_SOCKET: {
    kind: "int",
    default: 1000,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "rooms",
    help: "Rooms that one socket may be in at once.",
  },
  MAX_QUEUED_FRAMES: {
    kind: "int",
    default: 4096,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "frames",
    help: "Frames of one socket that may wait for an earlier one; beyond, it is closed (1008).",
  },
  MAX_UNREAD_BYTES: {
    kind: "bytes",
    default: 524_288,
    min: 262_144,
    max: 8_388_608,
    zero: "max",
    unit: "bytes",
    help: "What one socket may leave unread; beyond, it is closed (1013) and resumes.",
  },
  MAX_MESSAGE_BYTES: {
    kind: "bytes",
    default: 65_536,
    min: 1024,
    max: 16_777_216,
    zero: "max",
    unit: "bytes",
    help: "Largest frame that a client may send.",
  },
  MAX_BODY_BYTES: {
    kind: "bytes",
    default: 1_048_576,
    min: 1024,
    max: 134_217_728,
    zero: "max",
    unit: "bytes",
    help: "Largest HTTP body.",
  },
  RATE_LIMIT_FRAMES: {
    kind: "int",
    default: 100,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "per second",
    help: "Frames of one user or key; of one address twenty times as many.",
  },
  RATE_LIMIT_HTTP: {
    kind: "int",
    default: 50,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "per second",
    help: "HTTP requests of one user or key, or without proof; of one address twenty times as many.",
  },
  RATE_LIMIT_CONNECTS: {
    kind: "int",
    default: 100,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "per second",
    help: "New sockets of one address, and of one user or key.",
  },
  RATE_LIMIT_LOGINS: {
    kind: "int",
    default: 30,
    min: 1,
    max: 1_000_000,
    zero: "off",
    unit: "per minute",
    help: "Refused tokens, keys and tickets of one address; good ones always pass.",
  },
} as const satisfies SettingTable;

/** What the server tells of itself. */
export const LOGS = {
  LOG_LEVEL: {
    kind: "enum",
    values: ["debug", "info", "warn", "error"],
    default: "info",
    help: "Least severe entry that is written.",
  },
  LOG_FORMAT: {
    kind: "enum",
    values: ["json", "pretty", "auto"],
    default: "auto",
    help: "auto is pretty on a terminal, else json.",
  },
  METRICS_TOKEN: {
    kind: "secret",
    minBytes: 16,
    help: "Bearer token for /metrics; unset, only programs of the same machine may read it.",
  },
} as const satisfies SettingTable;
