import { type Refusal, isRefusal, refuse } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import { type Topic, parseRoom, userTopic } from "../../core/topic.ts";
import type { Dialect, SocketEndpoint } from "../../dialects/dialect.ts";
import type { Cursor } from "../../hub/hub.ts";
import { cursorOf } from "../cursor.ts";
import { askedOf, type HttpDeps, type RequestContext } from "../context.ts";
import type { Identify } from "../identify.ts";
import { problem } from "../problem.ts";
import { described, type Route } from "../routes.ts";
import { EVENTS_OPERATION } from "./description.ts";
import { REQUEST_SECONDS } from "../../runtime/runtime.ts";
import { streamed } from "../sse.ts";
import { PollLink, SseLink } from "./links.ts";

const MAX_TOPICS = 100;
const DEFAULT_WAIT_SECONDS = 25;
const MAX_WAIT_SECONDS = 60;
const BEAT_MS = 15_000;
/** A poll that misses more than this gets the first of it, and asks again. */
const MAX_POLLED = 1000;

/** Where the hub counts streams over HTTP, as it counts a socket endpoint's. */
const EVENTS: SocketEndpoint = {
  name: "events",
  path: EVENTS_OPERATION.path,
  summary: EVENTS_OPERATION.summary,
  proof: "token",
  personal: false,
  announcements: true,
};

/** `GET /api/v1/events`: server-sent events or long-poll, one cursor with the sockets. */
export const eventRoutes = (deps: HttpDeps, identify: Identify, dialect: Dialect): readonly Route[] => [
  described(EVENTS_OPERATION, (c) => events(c, deps, identify, dialect)),
];

async function events(
  c: RequestContext,
  deps: HttpDeps,
  identify: Identify,
  dialect: Dialect,
): Promise<Response> {
  const who = await identify.request(c, "any");
  if (isRefusal(who)) return problem(who);
  const topics = topicsOf(c.req.query("topics"), c.req.query("personal") === "true", who);
  if (isRefusal(topics)) return problem(topics);
  const polls = c.req.header("accept")?.includes("application/json") === true;
  const cursor = polls
    ? cursorOf("after", c.req.query("after"))
    : cursorOf("last_event_id", c.req.header("last-event-id") ?? c.req.query("last_event_id"));
  if (isRefusal(cursor)) return problem(cursor);
  const ask = { c, who, topics: topics.topics, cursor: cursor.value ?? "latest" } satisfies Ask;
  return polls ? poll(deps, identify, dialect, ask) : stream(deps, identify, dialect, ask);
}

interface Ask {
  readonly c: RequestContext;
  readonly who: Principal;
  readonly topics: readonly Topic[];
  readonly cursor: Cursor;
}

const admit = (deps: HttpDeps, identify: Identify, dialect: Dialect, { c, who, topics, cursor }: Ask) =>
  deps.hub.admit({ dialect, at: EVENTS, params: {}, who, address: identify.addressOf(c), cursor, topics });

async function stream(deps: HttpDeps, identify: Identify, dialect: Dialect, ask: Ask): Promise<Response> {
  const connection = await admit(deps, identify, dialect, ask);
  if (isRefusal(connection)) return problem(connection);
  const { sockets } = deps.hub;
  askedOf(ask.c).idle(0);
  const ended = (): void => {
    clearInterval(beat);
    sockets.close(connection, 1000, "");
  };
  const link = new SseLink(() => sockets.drain(connection), ended);
  const beat = setInterval(() => link.stream.beat(), BEAT_MS);
  beat.unref();
  ask.c.req.raw.signal.addEventListener("abort", ended, { once: true });
  sockets.open(connection, link);
  return streamed(link.stream);
}

async function poll(deps: HttpDeps, identify: Identify, dialect: Dialect, ask: Ask): Promise<Response> {
  const wait = waitOf(ask.c.req.query("wait"));
  if (isRefusal(wait)) return problem(wait);
  const connection = await admit(deps, identify, dialect, ask);
  if (isRefusal(connection)) return problem(connection);
  const { sockets } = deps.hub;
  const link = new PollLink(MAX_POLLED);
  askedOf(ask.c).idle(wait.seconds + 30);
  const timer = setTimeout(() => link.timeOut(), wait.seconds * 1000);
  ask.c.req.raw.signal.addEventListener("abort", () => link.abandon(), { once: true });
  if (wait.seconds === 0) link.timeOut();
  sockets.open(connection, link);
  const { frames, recovered, lastEventId, closed } = await link.done;
  clearTimeout(timer);
  sockets.close(connection, 1000, "");
  askedOf(ask.c).idle(REQUEST_SECONDS);
  if (closed !== null && frames.length === 0)
    return problem(refuse("SHUTTING_DOWN", closed.reason, { retryAfter: 1 }));
  return ask.c.json(
    {
      events: frames.map((frame) => JSON.parse(frame) as unknown),
      last_event_id: lastEventId ?? ask.cursor,
      recovered,
    },
    200,
    { "cache-control": "no-store" },
  );
}

/** `?topics=a,b` in any spelling; one's own topic where none are named, and besides them by `personal=true`. */
function topicsOf(
  text: string | undefined,
  personal: boolean,
  who: Principal,
): { readonly topics: readonly Topic[] } | Refusal {
  if (text === undefined || text === "") {
    if (who.kind === "user") return { topics: [userTopic(who.id)] };
    return refuse(
      "BAD_REQUEST",
      "A service key has no topic of its own: name them, ?topics=channel:1,project:789 or ?topics=*.",
    );
  }
  const topics = text.split(",").map((name) => (name === "*" ? ("*" as Topic) : parseRoom(name)));
  if (topics.length > MAX_TOPICS)
    return refuse("BAD_REQUEST", `At most ${MAX_TOPICS} topics can be heard at once.`);
  const known = topics.filter((topic) => topic !== null);
  if (known.length < topics.length) return refuse("BAD_ROOM");
  const own = personal && who.kind === "user" ? [userTopic(who.id)] : [];
  return { topics: [...new Set([...known, ...own])] };
}

function waitOf(text: string | undefined): { readonly seconds: number } | Refusal {
  if (text === undefined || text === "") return { seconds: DEFAULT_WAIT_SECONDS };
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return { seconds: Math.min(seconds, MAX_WAIT_SECONDS) };
  return refuse("BAD_REQUEST", "wait must be a number of seconds: 0 answers at once.");
}
