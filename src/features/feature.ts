import type { Access } from "../access/access.ts";
import type { Clock } from "../core/clock.ts";
import type { CommandArgs, CommandName, CommandReply, MaybePromise } from "../core/command.ts";
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

/** What a feature may see of the socket that a command came by. */
export interface Listener {
  holds(topic: Topic): boolean;
}

/** The settings that features depend on. */
export interface FeatureSettings extends DialectSettings {
  readonly announcements: "live" | "inbox";
}

export interface FeatureContext {
  readonly who: Principal;
  /** Null where the command came by HTTP or from the embedding program. */
  readonly listener: Listener | null;
  readonly store: Reads;
  readonly access: Access;
  readonly presence: Presence;
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
