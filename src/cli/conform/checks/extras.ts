import { type Check, under } from "../check.ts";
import type { Framed, Level } from "../expect.ts";
import { REFUSED } from "../dialling.ts";
import { type Expected, keep, part, TEXT, WHOLE } from "../expect.ts";
import type { Scene } from "../scene.ts";
import { ask, closed, hear, leave, open, quiet, refused, type Step } from "../steps.ts";

/** What Dragoman's contract adds at a socket that hears what is told to its user. */
interface Extra {
  readonly path: string;
  readonly welcome: (scene: Scene) => readonly Framed[];
  /** A system notification as it is heard here. */
  readonly told: (title: string, content: string) => { readonly [key: string]: Expected };
  readonly expired: Expected;
  /** Null where the document has it. */
  readonly tooMany: Expected | null;
  readonly level?: Level;
}

export const RESUMED = {
  type: "resumed",
  data: { recovered: true, last_event_id: keep("head", WHOLE) },
} as const;

/** A notification for the first user, by the one address that every dialect's users have on Dragoman. */
export const tell = (title: string, content: string): Step =>
  ask(
    { method: "POST", path: "/api/v1/realtime/events/system", as: "a", body: { title, content } },
    { status: 202, body: { status: "system notification sent" } },
  );

/** Of the sockets of a workspace's tasks, at either dialect's path. */
export const forbiddenTasks = (path: string): Check =>
  under("Refusal at the handshake", "addition")(
    "tasks/forbidden",
    "a workspace without access is refused with HTTP 403",
    (s) => [refused(path, "a", { http: 403 }, { params: { workspace_id: s.forbiddenWorkspace } })],
    { needs: ["user", "forbidden"] },
  );

const WAYS = [
  ["header", "header", "the token may come in the header Authorization: Bearer"],
  ["subprotocol", "subprotocol", "the token may come as subprotocol pair: bearer, <token>"],
  ["ticket", "ticket", "a ticket may come instead of a token: POST /api/v1/tickets, ?ticket="],
] as const;

/** A token of two seconds, and the second in which its end is seen. */
const EXPIRY_MS = 3000;
const MAX_MESSAGE_BYTES = 65_536;

export function extraChecks({
  path,
  welcome,
  told,
  expired,
  tooMany,
  level = "addition",
}: Extra): readonly Check[] {
  const token = under("Token", level);
  const limits = under("Limits", level);
  const resume = under("Resume, on every dialect", level);
  return [
    under("Preamble", level)("trailing-slash", "a trailing slash on a path is accepted", (s) => [
      open("a", `${path}/`),
      hear("a", ...welcome(s)),
    ]),
    ...WAYS.map(([by, name, says]) =>
      token(`token/${name}`, says, (s) => [open("a", path, { by }), hear("a", ...welcome(s))]),
    ),
    token(
      "token/refreshing",
      'a token whose claim "type" is not "access" is refused',
      () => [refused(path, "refreshing", REFUSED)],
      { needs: ["secret"] },
    ),
    token(
      "token/expires",
      "a socket is closed when its token expires",
      (s) => [open("a", path, { as: "brief" }), hear("a", ...welcome(s)), closed("a", expired, EXPIRY_MS)],
      { needs: ["secret"], extraMs: EXPIRY_MS },
    ),
    limits("too-large", `a frame of more than ${MAX_MESSAGE_BYTES} bytes ends the socket with 1009`, (s) => [
      open("a", path),
      hear("a", ...welcome(s)),
      { do: "send", peer: "a", frame: "x".repeat(MAX_MESSAGE_BYTES + 1) },
      closed("a", { code: 1009, reason: TEXT }),
    ]),
    ...(tooMany === null
      ? []
      : [
          limits("too-many", "one connection more than a user may have is refused", (s) => [
            ...crowd(path, s, welcome(s)),
            refused(path, "a", tooMany),
          ]),
        ]),
    resume(
      "resume/latest",
      "a socket with ?last_event_id=latest is told where it stands, and event ids",
      (s) => [
        open("a", path, { query: { last_event_id: "latest" } }),
        hear("a", ...welcome(s), RESUMED),
        tell(`Now ${s.mark}`, "Heard at once."),
        hear("a", { ...told(`Now ${s.mark}`, "Heard at once."), event_id: WHOLE }),
      ],
    ),
    resume(
      "resume/missed",
      "a socket that comes back with ?last_event_id=N hears what it missed, once",
      (s) => [
        open("a", path, { query: { last_event_id: "latest" } }),
        hear("a", ...welcome(s), RESUMED),
        leave("a"),
        tell(`Missed ${s.mark}`, "Told while away."),
        open("a2", path, { query: (kept) => ({ last_event_id: Number(kept.get("head")) }) }),
        hear(
          "a2",
          ...welcome(s),
          { ...told(`Missed ${s.mark}`, "Told while away."), event_id: keep("id", WHOLE) },
          { type: "resumed", data: { recovered: true, last_event_id: keep("id", WHOLE) } },
        ),
        quiet("a2"),
      ],
    ),
    resume("resume/bad", "a last_event_id that is no number is refused with HTTP 400", () => [
      refused(path, "a", { http: 400 }, { query: { last_event_id: "soon" } }),
    ]),
  ];
}

/** As many sockets as one user may have. */
export const crowd = (path: string, { connections }: Scene, welcome: readonly Framed[]): readonly Step[] =>
  Array.from({ length: connections }, (_, n) => [
    open(`a${n + 1}`, path),
    hear(`a${n + 1}`, ...welcome),
  ]).flat();

/** RFC 9457. */
export const problem = (status: number, detail: Expected = TEXT): Expected =>
  part({ type: TEXT, title: TEXT, status, detail });
