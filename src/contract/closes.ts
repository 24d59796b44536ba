import { CLOSES, type CloseCause } from "../core/closes.ts";
import type { Dialect, SocketEndpoint } from "../dialects/dialect.ts";

/** One way in which a socket can end. */
export interface CloseEntry {
  readonly cause: CloseCause;
  readonly code: number;
  readonly reason: string;
  /** Whether coming back makes sense. */
  readonly reconnect: boolean;
  readonly remedy: string;
}

const CAUSES = Object.keys(CLOSES) as CloseCause[];

/** The dialect's own code for a cause, else the common one. */
const entryOf = (cause: CloseCause, dialect: Dialect | null): CloseEntry => {
  const { reconnect, remedy } = CLOSES[cause];
  const { code, reason } = dialect?.closes?.[cause] ?? CLOSES[cause];
  return { cause, code, reason, reconnect, remedy };
};

/** How a socket can end; what is refused by HTTP status before it is open ends none. */
export function closesOf(dialect: Dialect, at: SocketEndpoint): readonly CloseEntry[] {
  const { unauthenticated, tooMany } = dialect.handshake;
  const never = new Set<CloseCause>([
    ...("close" in unauthenticated ? [] : (["unauthenticated", "forbidden"] as const)),
    ...("close" in tooMany ? [] : (["tooMany"] as const)),
    ...(at.topic === undefined ? (["revoked"] as const) : []),
  ]);
  return CAUSES.filter((cause) => !never.has(cause)).map((cause) => entryOf(cause, dialect));
}

/** `x-closes` of both documents: the common table, and what dialects have of their own. */
export const closeTable = (dialects: readonly Dialect[]): object => ({
  common: CAUSES.map((cause) => entryOf(cause, null)),
  dialects: Object.fromEntries(
    dialects.map((dialect) => [
      dialect.name,
      (Object.keys(dialect.closes ?? {}) as CloseCause[]).map((cause) => entryOf(cause, dialect)),
    ]),
  ),
});
