/**
 * Why a handshake was refused. A page is only told "1006", never the server's answer, so it asks
 * again over HTTP what the answer may have been, from the likely to the rare.
 */
import { parseJson } from "../../core/json.ts";
import type { Ending } from "./closes.ts";
import type { Socket } from "./contract.ts";
import { recordOf, textOf } from "./documents.ts";
import { expiryText } from "./times.ts";
import { type Token, isExpired } from "./tokens.ts";

export interface Attempt {
  readonly origin: string;
  readonly socket: Socket;
  readonly values: Readonly<Record<string, string>>;
  readonly token: Token | null;
}

const REFUSED = 1006;

/** Path parameters, and the topics that they name. */
const TOPICS: Readonly<Record<string, string>> = { workspace_id: "workspace", session_id: "focus" };

export async function diagnose(attempt: Attempt): Promise<Ending> {
  const { token, socket } = attempt;
  if (token === null && socket.proof === "token")
    return refused("No token", "This socket wants one: choose who connects, or paste a token.");
  if (isExpired(token, Date.now()))
    return refused("Token expired", `The token ${expiryText(token, Date.now())}. Get a fresh one.`);
  return (
    (await ready(attempt)) ??
    (await proven(attempt)) ??
    (await allowed(attempt)) ??
    claimed(attempt) ??
    UNKNOWN
  );
}

async function ready({ origin }: Attempt): Promise<Ending | null> {
  const answer = await ask(`${origin}/readyz`, null);
  if (answer === null) return refused("Nobody answers", `Is the server at ${origin} running?`);
  return answer.status === 503
    ? refused("Service restart", "The server is stopping or starting. Try again in a moment.")
    : null;
}

/** Whether the token is good at all: its owner may always ask how many notifications he has. */
async function proven({ origin, token }: Attempt): Promise<Ending | null> {
  if (token === null) return null;
  const answer = await ask(`${origin}/api/v1/notifications/unread-count`, token);
  return answer === null || answer.status < 400 ? null : told(answer);
}

/** Whether he may enter what the path names. */
async function allowed({ origin, token, values }: Attempt): Promise<Ending | null> {
  for (const [name, type] of Object.entries(TOPICS)) {
    const id = values[name];
    if (id === undefined || id === "") continue;
    const room = encodeURIComponent(`${type}:${id}`);
    const answer = await ask(`${origin}/api/v1/presence/rooms/${room}`, token);
    if (answer !== null && answer.status >= 400) return told(answer);
  }
  return null;
}

function claimed({ token, values }: Attempt): Ending | null {
  const { user_id } = values;
  if (token === null || user_id === undefined || user_id === token.userId) return null;
  return refused(
    "Forbidden",
    `The token is user ${token.userId}'s, the path user ${user_id}'s. Use one's own path.`,
  );
}

interface Answer {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

/** Null where nothing answers. */
async function ask(url: string, token: Token | null): Promise<Answer | null> {
  try {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token.text}` };
    const response = await fetch(url, { headers });
    const { title, detail } = recordOf(parseJson(await response.text()));
    return { status: response.status, title: textOf(title) ?? "", detail: textOf(detail) ?? "" };
  } catch {
    return null;
  }
}

const told = ({ status, title, detail }: Answer): Ending => refused(`${title} (HTTP ${status})`, detail);

const refused = (reason: string, remedy: string): Ending => ({
  code: REFUSED,
  reason,
  cause: "",
  remedy,
  wanted: false,
});

const UNKNOWN = refused(
  "Refused before it opened",
  "The token is good and the server answers. Left are: too many sockets of this user here (MAX_CONNECTIONS_PER_USER), " +
    "CORS_ORIGINS without this page's address, or a proxy that does not pass WebSocket upgrades on.",
);
