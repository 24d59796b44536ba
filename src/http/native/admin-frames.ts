import { z } from "zod";
import type { Operation } from "../../core/endpoint.ts";
import { isRefusal } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Watcher } from "../../hub/hub.ts";
import { check } from "../body.ts";
import { askedOf, type HttpDeps, type RequestContext } from "../context.ts";
import type { Identify } from "../identify.ts";
import { problem } from "../problem.ts";
import { described, type Route } from "../routes.ts";
import { EventStream, HIGH_WATER_BYTES, streamed } from "../sse.ts";
import { connectionParams } from "./admin-connections.ts";

const BEAT_MS = 15_000;

const EXAMPLE = `event: frame
data: {"direction":"in","at":"2026-01-31T09:00:00.000Z","bytes":39,"text":"{\\"type\\":\\"join_room\\",\\"room\\":\\"channel:9\\"}"}

event: closed
data: {"code":1005,"reason":"","cause":null,"remedy":null}

`;

const FRAMES: Operation = {
  method: "GET",
  path: "/api/v1/admin/connections/:id/frames",
  operation: "watchConnection",
  tag: "Admin",
  summary: "The frames of one connection as they come and go, server-sent.",
  description: [
    "`event: frame` with `{direction, at, bytes, text}`, `direction` `in` (from the client) or `out`; of a text",
    "longer than 16 Ki characters the beginning, and `truncated: true`. Tokens and keys are shown as `…`.",
    "`event: skipped` with `{count}` where you read too slowly. At the end `event: closed` with",
    "`{code, reason, cause, remedy}`, `cause` null where the client ended it. It is noted in the security log.",
  ].join("\n"),
  status: 200,
  proof: "privileged",
  params: connectionParams,
  media: "text/event-stream",
  response: z.string(),
  refuses: ["NOT_FOUND"],
  examples: { conversation: { params: { id: 1 }, answer: EXAMPLE } },
};

/** `GET /api/v1/admin/connections/:id/frames`: looking on at one connection. */
export const frameRoutes = (deps: Pick<HttpDeps, "hub" | "clock">, identify: Identify): readonly Route[] => [
  described(FRAMES, (c) => watch(c, deps, identify)),
];

async function watch(
  c: RequestContext,
  { hub, clock }: Pick<HttpDeps, "hub" | "clock">,
  identify: Identify,
): Promise<Response> {
  const who = await identify.request(c, "privileged");
  if (isRefusal(who)) return problem(who);
  const params = check(connectionParams, c.req.param());
  if (isRefusal(params)) return problem(params);
  const { id } = params.value;

  const stream = new EventStream(() => {
    clearInterval(beat);
    if (!isRefusal(stop)) stop();
  });
  const stop = hub.watch(id, watcherOf(stream, who));
  const beat = setInterval(() => {
    if (who.expiresAt * 1000 <= clock.now()) stream.close();
    else stream.beat();
  }, BEAT_MS);
  if (isRefusal(stop)) {
    stream.close();
    return problem(stop);
  }
  beat.unref();
  hub.note({
    kind: "admin",
    who,
    address: identify.addressOf(c),
    cause: "connection.watch",
    detail: `connection ${id}`,
  });
  askedOf(c).idle(0);
  c.req.raw.signal.addEventListener("abort", () => stream.close(), { once: true });
  stream.beat();
  return streamed(stream);
}

/** What a slow reader cannot take is counted, and the others never wait for him. */
function watcherOf(stream: EventStream, who: Principal): Watcher {
  let skipped = 0;
  const write = (event: string, data: unknown): void =>
    void stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  return {
    who,
    end: () => stream.close(),
    frame(frame) {
      if (stream.bufferedBytes >= HIGH_WATER_BYTES) {
        skipped++;
        return;
      }
      if (skipped > 0) write("skipped", { count: skipped });
      skipped = 0;
      write("frame", frame);
    },
    closed(close) {
      if (skipped > 0) write("skipped", { count: skipped });
      write("closed", close);
      stream.close();
    },
  };
}
