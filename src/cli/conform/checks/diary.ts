/** WebSocket Integration Guide of the Diary application (seed 003): one-way sockets, two addresses. */
import { type Suite, under } from "../check.ts";
import type { Framed } from "../expect.ts";
import { added, atLeast, containing, type Expected, keep, matching, rule, TEXT, WHOLE } from "../expect.ts";
import type { Scene } from "../scene.ts";
import { ask, type Asked, framed, hear, leave, open, quiet, refused, send, type Step } from "../steps.ts";
import { extraChecks, problem } from "./extras.ts";

const SOCKET = "/api/v1/ws/:user_id";
const NOBODY = { needs: [] } as const;

/** Without proof, as documented: the id in the address is only claimed. */
const listen = (peer: string, user_id: string): Step =>
  open(peer, SOCKET, { as: "nobody", params: { user_id } });

const heard = (message: string): Framed => framed("message", { message });

const announce = (message: string, as: Asked["as"] = "nobody"): Asked => ({
  method: "POST",
  path: "/api/v1/ws/notification",
  as,
  body: { message },
});

/** Others may be connected besides these. */
const sent = (users: number): Expected => ({
  status: "success",
  message: matching(/^Notification sent to \d+ users$/),
  sent_count: atLeast(users),
  total_connections: atLeast(users),
  disconnected_users: WHOLE,
});

const SENT = {
  status: "success",
  message: TEXT,
  sent_count: WHOLE,
  total_connections: WHOLE,
  disconnected_users: 0,
} as const;

const OK = { status: 200 } as const;
const one = (s: Scene): string => `conform-${s.mark}-1`;
const two = (s: Scene): string => `conform-${s.mark}-2`;

const connecting = under("Connection");
const sending = under("Send Notification");
const status = under("WebSocket Status Endpoint");
const own = under("diary (003)", "addition");

const statusOf = (as: Asked["as"] = "nobody"): Asked => ({ method: "GET", path: "/api/v1/ws/status", as });

export const diary: Suite = {
  dialect: "diary",
  document: "WebSocket Integration Guide (Diary)",
  checks: [
    under("Server Errors")(
      "nobody",
      "a notification while nobody is connected is answered with 404",
      () => [
        ask(announce("Is anybody there?"), {
          status: 404,
          body: added(problem(404, "No active WebSocket connections")),
          skip: { status: 200, why: "somebody is connected there, who now hears a notification" },
        }),
      ],
      NOBODY,
    ),
    connecting(
      "connect",
      "a socket opens without a token, and hears nothing until something is sent",
      (s) => [listen("a", one(s)), quiet("a")],
      NOBODY,
    ),
    connecting(
      "one-way",
      "what a client sends is ignored, and the socket stays open",
      (s) => [
        listen("a", one(s)),
        send("a", { type: "ping" }),
        send("a", "no JSON at all"),
        ask(announce(`Marker ${s.mark}`), OK),
        hear("a", heard(`Marker ${s.mark}`)),
      ],
      NOBODY,
    ),
    sending(
      "notification",
      "a notification is heard by every connected user as {message}, and answered with how many they are",
      (s) => [
        listen("a", one(s)),
        listen("b", two(s)),
        ask(announce("Server maintenance scheduled for tomorrow"), { status: 200, body: sent(2) }),
        hear("a", heard("Server maintenance scheduled for tomorrow")),
        hear("b", heard("Server maintenance scheduled for tomorrow")),
      ],
      NOBODY,
    ),
    sending(
      "notification/left",
      "who has gone is not counted as disconnected by the next notification",
      (s) => [
        listen("a", one(s)),
        listen("b", two(s)),
        leave("b"),
        ask(announce(`After ${s.mark}`), { status: 200, body: sent(1) }),
        hear("a", heard(`After ${s.mark}`)),
      ],
      NOBODY,
    ),
    status(
      "status",
      "the status names the connected users by their ids, as texts",
      (s) => [
        listen("a", one(s)),
        listen("b", two(s)),
        ask(statusOf(), {
          status: 200,
          body: {
            connected_users: atLeast(2),
            status: "active",
            active_user_ids: containing(one(s), two(s)),
          },
        }),
      ],
      NOBODY,
    ),

    own(
      "counts",
      "users are counted once, connections each",
      (s) => [
        listen("a", one(s)),
        ask(announce(`One ${s.mark}`), {
          status: 200,
          body: { ...SENT, sent_count: keep("users", WHOLE), total_connections: keep("sockets", WHOLE) },
        }),
        hear("a", heard(`One ${s.mark}`)),
        listen("a2", one(s)),
        ask(announce(`Two ${s.mark}`), {
          status: 200,
          body: {
            ...SENT,
            sent_count: keep("users", WHOLE),
            total_connections: rule(
              "<one more than before>",
              (now, kept) => now === Number(kept.get("sockets")) + 1,
            ),
          },
        }),
        hear("a", heard(`Two ${s.mark}`)),
        hear("a2", heard(`Two ${s.mark}`)),
      ],
      NOBODY,
    ),
    own("personal", "with his own token a user also hears his own notifications", (s) => [
      open("a", SOCKET),
      ask(
        {
          method: "POST",
          path: "/api/v1/realtime/events/system",
          as: "a",
          body: { title: "Yours", content: `Yours ${s.mark}` },
        },
        { status: 202 },
      ),
      hear("a", heard(`Yours ${s.mark}`)),
    ]),
    own("stranger", "another user's token is refused with HTTP 403", (s) => [
      refused(SOCKET, "a", { http: 403 }, { params: { user_id: s.b.id } }),
    ]),
    own("bad-token", "a token that is none is refused with HTTP 403", () => [
      refused(SOCKET, "bad", { http: 403 }),
    ]),
    under("Errors over HTTP", "addition")(
      "missing",
      "a notification without a message is answered with 400",
      () => [
        ask(
          { method: "POST", path: "/api/v1/ws/notification", as: "nobody", body: {} },
          { status: 400, body: problem(400, matching(/^Missing required fields: message/)) },
        ),
      ],
      NOBODY,
    ),
    ...extraChecks({
      path: SOCKET,
      welcome: () => [],
      told: (_title, content) => ({ message: content }),
      expired: { code: 1008, reason: TEXT },
      tooMany: { http: 429 },
    }),
  ],
};
