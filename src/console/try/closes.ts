/** Why a socket ended, in words, and what to do about it. */
import { listOf, recordOf, textOf } from "./documents.ts";
import { expiryText } from "./times.ts";
import { type Token, isExpired } from "./tokens.ts";

/** One way in which the server closes a socket. */
export interface CloseFact {
  readonly cause: string;
  readonly code: number;
  readonly reason: string;
  readonly remedy: string;
}

/** What a person is told. */
export interface Ending {
  readonly code: number;
  /** As the server gave it, else in our words. */
  readonly reason: string;
  /** The server's own name of it; empty where it is none of its closes. */
  readonly cause: string;
  /** Empty where the reason says all. */
  readonly remedy: string;
  /** Nothing is wrong: somebody wanted it so. */
  readonly wanted: boolean;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** Codes that the protocol or a browser gives (RFC 6455, section 7.4.1), not the server's table. */
const PROTOCOL: Readonly<Record<number, readonly [reason: string, remedy: string]>> = {
  1000: ["Closed normally", ""],
  1001: ["Going away", "The page or the server left. Connect again."],
  1002: ["Protocol error", "Something between here and the server changes frames; look at the proxy."],
  1003: ["Unsupported data", "Send JSON text, not binary."],
  1005: ["Closed without a code", ""],
  1006: [
    "Connection lost",
    "The network or a proxy dropped it. Connect again with last_event_id to miss nothing.",
  ],
  1007: ["Not UTF-8", "Send text in UTF-8."],
  1011: ["Server fault", "Connect again; the server's log has the cause."],
  1015: ["TLS failed", "The server's certificate is not trusted here; look at TLS_CERT."],
};

/** Closes that a person here asked for. */
const WANTED = new Set([1000, 1005]);

/** How one socket ended. Of causes that share code and reason, an expired token decides. */
export function explainClose(
  { code, reason }: Closed,
  at: { readonly token: Token | null; readonly now: number },
  facts: readonly CloseFact[],
): Ending {
  const known = facts.filter((fact) => fact.code === code);
  const exact = known.filter((fact) => fact.reason === reason);
  const expired = isExpired(at.token, at.now);
  const candidates = exact.length > 0 ? exact : known;
  const fact = candidates.find(({ cause }) => (cause === "expired") === expired) ?? candidates[0];
  const [usual, advice] = PROTOCOL[code] ?? [
    `Closed with ${code}`,
    "The server gave no reason; its log may.",
  ];
  const late = expired && fact?.cause === "expired" ? `The token ${expiryText(at.token, at.now)}. ` : "";
  return {
    code,
    reason: reason === "" ? (fact?.reason ?? usual) : reason,
    cause: fact?.cause ?? "",
    remedy: fact === undefined ? advice : late + fact.remedy,
    wanted: WANTED.has(code),
  };
}

/** Reads `x-closes` of a channel: how its sockets can end. */
export const closeFacts = (rows: unknown): readonly CloseFact[] =>
  listOf(rows).map((row) => {
    const { cause, code, reason, remedy } = recordOf(row);
    return {
      cause: textOf(cause) ?? "",
      code: Number(code),
      reason: textOf(reason) ?? "",
      remedy: textOf(remedy) ?? "",
    };
  });
