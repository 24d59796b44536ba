import type { Access, Grant } from "../access/access.ts";
import type {
  CommandLine,
  ConnectionInfo,
  ConnectionPage,
  MintedToken,
  ProgramFacts,
  SettingGroup,
  StatsView,
  TokenOrder,
  Warning,
} from "../core/admin.ts";
import type { Clock } from "../core/clock.ts";
import type { CommandArgs, CommandName, CommandReply, MaybePromise, Page } from "../core/command.ts";
import type { DialectSettings } from "../core/endpoint.ts";
import type { Refusal } from "../core/errors.ts";
import type { AppEvent, Json, LiveKind } from "../core/event.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";
import type { OpArgs, OpName, OpResult, OpValue, Reads, Write } from "../store/store.ts";

/** Who is there, counted in users, whatever the dialect. */
export interface Presence {
  isConnected(userId: string): boolean;
  /** Every connected user with a proof of who he is. */
  users(): string[];
  usersIn(topic: Topic): string[];
  /** Whoever hears announcements: distinct (also merely claimed) users, and sockets. */
  audience(): { readonly users: string[]; readonly sockets: number };
}

/** What only the program that was started knows: its version, what it was configured with, how it signs. */
export interface Office {
  facts(): ProgramFacts;
  /** The last warnings and errors of the log, newest first. */
  warnings(): readonly Warning[];
  settings(): readonly SettingGroup[];
  /** Null where another program embeds the server. */
  commands(): CommandLine | null;
  /** A service key that nobody has yet, and what is stored of it. */
  newKey(): { readonly id: string; readonly key: string; readonly hash: string };
  /** A key was revoked: whatever is remembered of keys is forgotten. */
  keysChanged(): void;
  /** Whether it has a secret to sign tokens with, and not only public keys. */
  readonly signs: boolean;
  /** A token as this server accepts it; CONFLICT where it signs none, BAD_FIELDS where it would refuse it. */
  mint(order: TokenOrder): MaybePromise<MintedToken | Refusal>;
}

/** The server itself, for admins and keys. */
export interface Oversight {
  readonly office: Office;
  /** `seconds`: the length of the series. */
  stats(seconds: number): Omit<StatsView, "first_event_id" | "store">;
  /** Resolves when everybody who was here so far is stored. */
  caughtUp(): Promise<void>;
  connections(page: ConnectionPage): Page<ConnectionInfo>;
  connection(id: number): ConnectionInfo | null;
  /** What was closed; null where there is none. */
  close(id: number): ConnectionInfo | null;
  /** Closes a user's sockets and streams; answers how many. */
  disconnect(userId: string): number;
  /** Rooms that somebody is in, by name, behind one of them. */
  occupied(after: string, limit: number): readonly Topic[];
  /** A key was revoked: it is known no more, and what is connected with it ends. */
  keyEnded(id: string): void;
  census(topic: Topic): { readonly sockets: number; readonly users: number };
  /** For the security log: what an admin did. No secrets in it. */
  noteAct(act: {
    readonly who: Principal;
    readonly address: string | null;
    readonly name: CommandName;
    readonly detail: string;
  }): void;
}

/** What a feature may see of the socket that a command came by. */
export interface Listener {
  /** By what it holds the topic; null where it does not. */
  grantOf(topic: Topic): Grant | null;
}

/** The settings that features depend on. */
export interface FeatureSettings extends DialectSettings {
  readonly announcements: "live" | "inbox";
}

export interface FeatureContext {
  readonly who: Principal;
  /** Null where the command came by HTTP or from the embedding program. */
  readonly listener: Listener | null;
  /** The client's, of a request over HTTP. */
  readonly address: string | null;
  readonly store: Reads;
  readonly access: Access;
  readonly presence: Presence;
  readonly oversight: Oversight;
  readonly settings: FeatureSettings;
  readonly clock: Clock;
}

/**
 * What a handler wants done: nothing more than an answer, live events told after the answer,
 * or one write whose result makes the answer. A write's events are told after COMMIT.
 */
export type Outcome<R> =
  | Refusal
  | { readonly reply: R; readonly live?: readonly AppEvent<LiveKind>[] }
  | {
      readonly write: Write;
      /** `note`: what the write was given to keep, or of an idempotent repetition what the first time kept. */
      readonly settle: (result: OpResult) => R | Refusal;
    };

export interface Handler<N extends CommandName> {
  /** Topics that the caller must be allowed to write to; checked before `run`. */
  readonly needs?: (args: CommandArgs<N>) => readonly Topic[];
  /** Only admins and keys. */
  readonly privileged?: boolean;
  readonly run: (args: CommandArgs<N>, context: FeatureContext) => MaybePromise<Outcome<CommandReply<N>>>;
}

/** One capability: the commands it answers. */
export type Feature<N extends CommandName = CommandName> = { readonly [K in N]: Handler<K> };

export const defineFeature = <N extends CommandName>(feature: Feature<N>): Feature<N> => feature;

/**
 * One write; the answer is made of the op's value, a refusal passes through. What else the answer
 * needs and may not differ when an idempotent request is repeated goes into the note.
 */
export const write = <O extends OpName, R = OpValue<O>>(
  op: O,
  args: OpArgs<O>,
  reply: (value: OpValue<O>, note: Json | undefined) => R = (value) => value as unknown as R,
  note?: Json,
): Outcome<R> => ({
  write: { op, args, note } as unknown as Write,
  settle: (result) =>
    isValue<OpValue<O>>(result.value) ? reply(result.value, result.note) : (result.value as Refusal),
});

const isValue = <V>(value: unknown): value is V =>
  !(typeof value === "object" && value !== null && "refused" in value);
