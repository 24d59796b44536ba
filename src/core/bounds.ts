/**
 * Every bound that turns somebody away: what holds it (a setting, or fixed) and how whoever meets it is
 * told. Each time counts in `dragoman_bounds_met_total`, so that whoever looks at the metrics knows which one it was.
 */
export const BOUNDS = {
  connections: { setting: "MAX_CONNECTIONS", what: "Sockets and streams in all.", told: "429" },
  connections_user: {
    setting: "MAX_CONNECTIONS_PER_USER",
    what: "Those of one user, or without proof of one address, at one endpoint and path id.",
    told: "429, or 4429 where the dialect has it",
  },
  connects_user: {
    setting: "RATE_LIMIT_CONNECTS",
    what: "New sockets of one user or key.",
    told: "429 with Retry-After",
  },
  connects_address: {
    setting: "RATE_LIMIT_CONNECTS",
    what: "New sockets of one address.",
    told: "429 with Retry-After",
  },
  handshakes: {
    setting: "MAX_HANDSHAKES",
    what: "Sockets that wait to be let in: in all, or half of them from one address.",
    told: "429 with Retry-After",
  },
  logins: {
    setting: "RATE_LIMIT_LOGINS",
    what: "Bad proofs of one address.",
    told: "429 with Retry-After",
  },
  knocks: {
    setting: null,
    what: "Within a minute 3 refusals of one token, or 30 of one address, that were told by accepting and closing.",
    told: "429 with Retry-After",
  },
  http_user: {
    setting: "RATE_LIMIT_HTTP",
    what: "Requests of one user or key.",
    told: "429 with Retry-After",
  },
  http_anonymous: {
    setting: "RATE_LIMIT_HTTP",
    what: "Requests without proof of one address.",
    told: "429 with Retry-After",
  },
  http_address: {
    setting: "RATE_LIMIT_HTTP",
    what: "Requests of one address, twenty users' worth; the connection ends.",
    told: "429 with Retry-After",
  },
  frames_user: {
    setting: "RATE_LIMIT_FRAMES",
    what: "Frames of one user or key; each that was not executed counts.",
    told: "an error frame, then 1008",
  },
  frames_address: {
    setting: "RATE_LIMIT_FRAMES",
    what: "Frames of one address, twenty users' worth; each that was not executed counts.",
    told: "an error frame, then 1008",
  },
  frame_bytes: { setting: "MAX_MESSAGE_BYTES", what: "One frame.", told: "1009" },
  queued_frames: {
    setting: "MAX_QUEUED_FRAMES",
    what: "Frames of one socket that wait for an earlier one.",
    told: "1008",
  },
  queued_bytes: { setting: null, what: "The same: 8 MiB of characters together.", told: "1008" },
  unread_bytes: {
    setting: "MAX_UNREAD_BYTES",
    what: "Replies and events that one client has not read.",
    told: "1013",
  },
  rooms: { setting: "MAX_ROOMS_PER_SOCKET", what: "Rooms of one socket.", told: "an error frame" },
  body_bytes: { setting: "MAX_BODY_BYTES", what: "The body of one request.", told: "413" },
  body_seconds: {
    setting: null,
    what: "A body that has not come after 10 s; the connection ends. So it does where the head has not, which nothing counts.",
    told: "–",
  },
  watchers: { setting: null, what: "32 admins who look on at single connections.", told: "429" },
} as const satisfies Readonly<
  Record<string, { readonly setting: string | null; readonly what: string; readonly told: string }>
>;

export type Bound = keyof typeof BOUNDS;
