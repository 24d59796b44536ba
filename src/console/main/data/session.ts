import { type ReadonlySignal, signal } from "@preact/signals";

/** Only for as long as the tab is open: what is written here is an administrator's. */
const STORED = "dragoman-console";
/** setTimeout takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Session {
  /** A token or a service key. */
  readonly proof: string;
  readonly kind: "token" | "key";
  /** Who is shown as signed in. */
  readonly name: string;
  /** ISO 8601; null of keys. */
  readonly expiresAt: string | null;
}

export interface Sessions {
  readonly current: ReadonlySignal<Session | null>;
  /** Why the last one ended; null where it was by wish. */
  readonly reason: ReadonlySignal<string | null>;
  /** Whether somebody chose to be signed out: then nothing signs in by itself. */
  readonly left: ReadonlySignal<boolean>;
  start(session: Session): void;
  end(reason: string | null): void;
}

export function createSessions(): Sessions {
  const current = signal<Session | null>(null);
  const reason = signal<string | null>(null);
  const left = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function start(session: Session): void {
    current.value = session;
    reason.value = null;
    sessionStorage.setItem(STORED, JSON.stringify(session));
    clearTimeout(timer);
    if (session.expiresAt === null) return;
    const leftMs = Date.parse(session.expiresAt) - Date.now();
    if (leftMs > MAX_TIMER_MS) return;
    timer = setTimeout(() => end(expired(session)), Math.max(0, leftMs));
  }

  function end(why: string | null): void {
    clearTimeout(timer);
    sessionStorage.removeItem(STORED);
    reason.value = why;
    left.value = why === null;
    current.value = null;
  }

  const kept = stored();
  if (kept !== null) start(kept);
  return { current, reason, left, start, end };
}

const expired = ({ name }: Session): string => `The sign-in of ${name} has expired. Sign in again.`;

function stored(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Session | null;
  } catch {
    return null;
  }
}

/** What a proof says of itself; whether it is true, the server says. */
export function sessionOf(proof: string): Session {
  const claims = claimsOf(proof);
  if (claims === null) return { proof, kind: "key", name: "service key", expiresAt: null };
  const name = claims.username ?? claims.preferred_username ?? claims.name ?? claims.sub;
  return {
    proof,
    kind: "token",
    name: typeof name === "string" || typeof name === "number" ? String(name) : "admin",
    expiresAt: typeof claims.exp === "number" ? new Date(claims.exp * 1000).toISOString() : null,
  };
}

function claimsOf(proof: string): Readonly<Record<string, unknown>> | null {
  const [, claims, signature] = proof.split(".");
  if (claims === undefined || signature === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(claims.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return null;
  }
}
