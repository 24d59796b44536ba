/**
 * Every entry that the server can log, once: its level, what it means and what to do. Programs and
 * alerts may rely on the codes; the words beside them may change.
 */
export const LOG_CODES = {
  SERVER_STARTED: { level: "info", means: "The server listens.", remedy: null },
  SERVER_STOPPING: { level: "info", means: "It was told to end, and closes its sockets.", remedy: null },
  SERVER_STOPPED: {
    level: "info",
    means: "It has ended, and everything acknowledged is stored.",
    remedy: null,
  },
  STORE_MIGRATED: {
    level: "info",
    means: "The schema of the data was brought up to date.",
    remedy: "Nothing; a copy from before lies beside the database.",
  },
  CONFIG_WARNING: {
    level: "warn",
    means: "A setting works, but perhaps not as meant.",
    remedy: "The entry's `fix` says what to set.",
  },
  START_FAILED: {
    level: "error",
    means: "The server could not start.",
    remedy: "The entry's `fix` says what to do.",
  },
  STOP_TIMED_OUT: {
    level: "error",
    means: "The clean end took too long and was ended hard; what was acknowledged is stored.",
    remedy: "Look for a disk that hangs.",
  },
  UNHANDLED: {
    level: "error",
    means: "A fault that nobody caught; the server ends, since no state can be trusted.",
    remedy: "Let it restart, and report the entry.",
  },
  SOCKET_OPENED: { level: "debug", means: "Somebody connected.", remedy: null },
  SOCKET_CLOSED: { level: "debug", means: "A socket ended.", remedy: null },
  SOCKET_REFUSED: {
    level: "info",
    means: "A handshake was refused.",
    remedy: "The entry's `cause` is explained under Errors; dragoman log has more.",
  },
  SOCKET_EXPIRED: {
    level: "warn",
    means: "A client came with a token that had expired; of several within a minute the first is told so.",
    remedy: "Let it get a fresh one in time; by hand: dragoman token 101 --ttl 24h.",
  },
  ORIGIN_REFUSED: {
    level: "warn",
    means: "A page of another origin tried to connect.",
    remedy: "Add the origin to CORS_ORIGINS if it is yours.",
  },
  FORWARDED_UNTRUSTED: {
    level: "warn",
    means: "A peer sent X-Forwarded-For and is not in TRUSTED_PROXIES: its clients count as one address.",
    remedy: "Add it to TRUSTED_PROXIES if it is your proxy; if not, somebody tried to forge his address.",
  },
  ORIGIN_UNCHECKED: {
    level: "warn",
    means: "A page of another origin connected, as any may while CORS_ORIGINS is unset.",
    remedy: "Set CORS_ORIGINS to the origins of your own pages.",
  },
  REQUEST_FAILED: {
    level: "error",
    means: "A request failed here and was answered 500.",
    remedy: "Report the entry.",
  },
  FRAME_FAILED: {
    level: "error",
    means: "A client's frame could not be executed; the client was told, the socket stays open.",
    remedy: "Report the entry.",
  },
  COMMAND_FAILED: {
    level: "error",
    means: "A command failed; whoever asked was told.",
    remedy: "Report the entry.",
  },
  ANSWER_FAILED: {
    level: "error",
    means: "A command was executed, but its answer could not be given.",
    remedy: "Report the entry.",
  },
  SETTLE_FAILED: {
    level: "error",
    means: "A write was stored, but its answer could not be given.",
    remedy: "Report the entry.",
  },
  COMMIT_FAILED: {
    level: "error",
    means: "A batch of writes was not stored, none of it; everybody who waited was answered 507.",
    remedy: "Free disk space, or make the data folder writable; it goes on by itself.",
  },
  SYNC_FAILED: {
    level: "error",
    means:
      "A batch of writes is in the store, but the disk did not confirm it. Everybody who waited was answered 507, and the events are told with the next batch that the disk does confirm.",
    remedy: "Look at the disk and the system's log; the server goes on by itself when the disk does.",
  },
  WRITE_FAILED: {
    level: "error",
    means: "One write failed and was rolled back; the others of its batch stand.",
    remedy: "With `full`, free disk space; else report the entry.",
  },
  ENCODE_FAILED: {
    level: "error",
    means: "A dialect could not tell an event; its other listeners heard it.",
    remedy: "Report the entry, or look at the dialect that you loaded.",
  },
  TELL_FAILED: {
    level: "error",
    means: "An event could not be told to everybody.",
    remedy: "Report the entry.",
  },
  REPLAY_FAILED: {
    level: "error",
    means: "What a socket had missed could not be read; it was closed and will ask again.",
    remedy: "Check the disk; restore a backup if the database is damaged.",
  },
  LOG_UNREADABLE: {
    level: "error",
    means: "Events that another writer stored could not be read; they are tried again.",
    remedy: "Check the disk.",
  },
  LOG_HOLE: {
    level: "error",
    means: "The log lacks ids that were told elsewhere; the server goes on behind them.",
    remedy: "Report the entry; somebody may have written to the database by hand.",
  },
  JOB_FAILED: {
    level: "error",
    means: "Retention or a scheduled notification failed; it is tried again.",
    remedy: "Check the disk where it goes on.",
  },
  SCHEDULED_DROPPED: {
    level: "warn",
    means: "What was scheduled is refused now, and given up.",
    remedy: "The entry's `detail` says why.",
  },
  PRUNED: { level: "debug", means: "What is older than the retention was removed.", remedy: null },
  ACCESS_WEBHOOK_FAILED: {
    level: "warn",
    means: "ACCESS_WEBHOOK_URL did not answer as it should, so access was denied.",
    remedy: "Check the address and the service behind it.",
  },
  JWKS_UNREACHABLE: {
    level: "warn",
    means: "JWKS_URL could not be read; the keys known before are still good.",
    remedy: "Check the address and the network.",
  },
  KEY_UNUSABLE: {
    level: "warn",
    means: "A configured key cannot check tokens.",
    remedy: "Give a key of a supported type: JWT_PUBLIC_KEY, JWKS_URL.",
  },
  JWT_SECRET_SHORT: {
    level: "warn",
    means: "JWT_SECRET is so short that it can be guessed.",
    remedy: "Use 32 bytes or more: openssl rand -base64 48",
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly level: "debug" | "info" | "warn" | "error";
      readonly means: string;
      readonly remedy: string | null;
    }
  >
>;

export type LogCode = keyof typeof LOG_CODES;

/** The codes of one level: an entry is never logged at another. */
export type CodeOf<L extends "debug" | "info" | "warn" | "error"> = {
  [C in LogCode]: (typeof LOG_CODES)[C]["level"] extends L ? C : never;
}[LogCode];
