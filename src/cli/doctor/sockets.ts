import { randomUUID } from "node:crypto";
import { CLOSES } from "../../core/closes.ts";
import { knownDialects } from "../../app/dialects.ts";
import { knock } from "../conform/knock.ts";
import { messageOf } from "../lib/failure.ts";
import { localAccess } from "../lib/remote.ts";
import { bad, type Finding, good, PROXY_FIXES } from "./finding.ts";
import type { Reach } from "./reach.ts";

/** A user that nobody has: what doctor's sockets are, where it signs its own token. */
export const DOCTOR_ID = "doctor";

/** The socket of each dialect that names neither a workspace nor a session. */
const SOCKETS = knownDialects().map(({ name, sockets }) => ({
  dialect: name,
  path:
    (sockets.find(({ path }) => !path.includes(":")) ?? sockets[0])?.path.replace(/:\w+/, DOCTOR_ID) ?? "",
}));
const CHAT_PATH = SOCKETS.find(({ dialect }) => dialect === "chat")?.path ?? "";
const NATIVE_PATH = SOCKETS.find(({ dialect }) => dialect === "native")?.path ?? "";
/**
 * Chat accepts whom it does not know, and closes: that shows both, and needs no proof. Another one each time, or
 * whoever runs this again and again is told to wait.
 */
const nobodysToken = (): string => `doctor.is.nobody-${randomUUID()}`;

const addressOf = ({ url }: Reach, path: string, query = ""): string =>
  `${url.href.replace(/^http/, "ws").replace(/\/$/, "")}${path}${query}`;

/** A real upgrade in each dialect, and whether close codes arrive as they were sent. */
export async function examineSockets(reach: Reach): Promise<readonly Finding[]> {
  const codes = await examineCodes(reach);
  if (codes.check === "upgrade.chat" && codes.level === "error") return [codes];
  const upgrades = await Promise.all(
    SOCKETS.map(({ dialect, path }) => examineUpgrade(reach, dialect, path)),
  );
  return [...upgrades, codes];
}

interface Ended {
  readonly opened: boolean;
  readonly code: number;
  readonly reason: string;
}

function openSocket(reach: Reach, address: string): WebSocket {
  return new WebSocket(address, { headers: reach.headers, ...localAccess(reach.url) } as never);
}

/** How a socket ends that the server closes at once. */
function endOf(socket: WebSocket, timeoutMs: number): Promise<Ended | null> {
  const { promise, resolve } = Promise.withResolvers<Ended | null>();
  let opened = false;
  const timer = setTimeout(() => {
    resolve(null);
    socket.close();
  }, timeoutMs);
  socket.addEventListener("open", () => (opened = true));
  socket.addEventListener("close", ({ code, reason }) => {
    clearTimeout(timer);
    resolve({ opened, code, reason });
  });
  return promise;
}

async function examineCodes(reach: Reach): Promise<Finding> {
  const check = "closes";
  const address = addressOf(reach, CHAT_PATH, `?token=${nobodysToken()}`);
  const stranger = new WebSocket(address, localAccess(reach.url) as never);
  const end = await endOf(stranger, reach.timeoutMs);
  const { code, reason } = CLOSES.unauthenticated;
  if (end?.opened !== true) {
    const why = await refusedBecause(reach, address, {});
    return why.level === "ok" ? good(check, "a bad token is refused") : { ...why, check: "upgrade.chat" };
  }
  if (end.code === code && end.reason === reason)
    return good(check, `close codes arrive as they are sent (${code} ${reason})`);
  return bad(
    "error",
    check,
    `a socket that the server closed with ${code} ${reason} ended with ${end.code}${end.reason === "" ? "" : ` ${end.reason}`}`,
    "Clients cannot tell an expired token from a broken line, and go on knocking.",
    PROXY_FIXES.closes,
  );
}

async function examineUpgrade(reach: Reach, dialect: string, path: string): Promise<Finding> {
  const check = `upgrade.${dialect}`;
  const address = addressOf(reach, path);
  const socket = openSocket(reach, address);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), reach.timeoutMs);
  socket.addEventListener("open", () => resolve(true));
  socket.addEventListener("close", () => resolve(false));
  const opened = await promise;
  clearTimeout(timer);
  socket.close();
  if (opened) return good(check, `${dialect}: ${path} opens`);
  return { ...(await refusedBecause(reach, address, reach.headers)), check };
}

/** Why there was no socket: the status that WebSocket clients hide. */
async function refusedBecause(
  reach: Reach,
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<Finding> {
  const path = new URL(address).pathname;
  try {
    const access = localAccess(reach.url);
    const { status, body } = await knock(address, headers, { timeoutMs: reach.timeoutMs, access });
    const isOurs = body.includes('"urn:dragoman:error:');
    if (isOurs && status === 426)
      return bad(
        "error",
        "",
        `${path}: the server was asked without an upgrade`,
        "The proxy swallows the Upgrade header: no socket can open.",
        PROXY_FIXES.upgrade,
      );
    if (isOurs && status === 429)
      return bad(
        "note",
        "",
        `${path} answers 429`,
        "This machine has knocked too often.",
        "wait a minute, and run it again",
      );
    if (isOurs && status === 404)
      return bad(
        "note",
        "",
        `${path} is switched off`,
        "Nobody who speaks this dialect can connect.",
        "DIARY=token, if somebody should",
      );
    if (isOurs && (status === 401 || status === 403))
      return good("", `${path} answers, and refuses who has no proof (${status})`);
    if (status === 101)
      return bad(
        "error",
        "",
        `${path}: the upgrade is answered, but the socket ends at once`,
        "Something between here and the server breaks what follows the handshake.",
        PROXY_FIXES.closes,
      );
    return bad(
      "error",
      "",
      `${path} answers ${status} instead of an upgrade`,
      "Not the server says so, but something before it.",
      PROXY_FIXES.upgrade,
    );
  } catch (fault) {
    return bad("error", "", `${path}: ${messageOf(fault)}`, "No socket can open.", PROXY_FIXES.upgrade);
  }
}

/** Whether a socket on which nothing happens but the server's heartbeat stays open. */
export async function examineHeartbeat(reach: Reach): Promise<readonly Finding[]> {
  const check = "heartbeat";
  const seconds = Math.round(reach.patientMs / 1000);
  if (reach.patientMs === 0)
    return [
      bad(
        "note",
        check,
        "whether quiet sockets stay open was not looked at",
        "A proxy may cut them between two heartbeats.",
        "run it again with --patient: it takes two minutes",
      ),
    ];
  if (reach.proof === null)
    return [
      bad(
        "note",
        check,
        "quiet sockets were not looked at",
        "They need proof.",
        "--token TOKEN or --key KEY",
      ),
    ];
  const begunMs = performance.now();
  const end = await endOf(openSocket(reach, addressOf(reach, NATIVE_PATH)), reach.patientMs);
  if (end === null) return [good(check, `a socket on which nothing happened was open after ${seconds} s`)];
  const after = Math.round((performance.now() - begunMs) / 1000);
  return [
    bad(
      "error",
      check,
      `a socket on which nothing happened ended after ${after} s (${end.code})`,
      "Somebody between here and the server cuts quiet connections: clients lose and reopen them all day.",
      PROXY_FIXES.idle,
    ),
  ];
}
