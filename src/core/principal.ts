/**
 * Who acts. Made only by `auth/` from a verified token, key or ticket (or for an anonymous
 * diary socket); never from a payload.
 */
export interface Principal {
  readonly kind: "user" | "key" | "anonymous";
  /** The user's id; of a key its name; of an anonymous socket the id it claims. */
  readonly id: string;
  /** Of a key that is stored: which one it is; several may have one name. */
  readonly keyId?: string;
  /** What the others are shown; the id where no name is known. */
  readonly username: string;
  /** Admins and keys may act for anyone. */
  readonly admin: boolean;
  /** Room patterns granted by the token: `channel:9`, `channel:*`, `*`. */
  readonly rooms: readonly string[];
  /** Workspace ids granted by the token. */
  readonly workspaces: readonly string[];
  /**
   * Of a token that says what it opens, be it nothing: its issuer speaks of workspaces only, or of rooms
   * too. Names that it does not list are not its user's to take.
   */
  readonly listed?: "workspaces" | "all";
  /** Unix seconds at which the proof expires; `Infinity` for keys and anonymous sockets. */
  readonly expiresAt: number;
}

/** May act for anybody: an admin's token or a service key. */
export const isPrivileged = (who: Principal): boolean => who.kind === "key" || who.admin;

/** The actor written into events: a user as himself, a key as nobody. */
export interface Actor {
  readonly id: string;
  readonly username: string;
}

export const actorOf = (who: Principal): Actor | null =>
  who.kind === "user" ? { id: who.id, username: who.username } : null;

/** Under which messages of keys are stored and shown; no user may have it. */
export const SYSTEM_ID = "system";
