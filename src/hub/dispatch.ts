import type { Access, Action } from "../access/access.ts";
import type { Clock } from "../core/clock.ts";
import type { Command, CommandName, CommandReply, MaybePromise } from "../core/command.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Principal } from "../core/principal.ts";
import { isPrivileged } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";
import type {
  FeatureContext,
  FeatureSettings,
  Handler,
  Listener,
  Outcome,
  Oversight,
  Presence,
} from "../features/feature.ts";
import type { Once, OpFault, OpResult, Reads } from "../store/store.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Writer } from "./writer.ts";

/** What the features answer; joins, leaves and token refreshes are the hub's own. */
export type FeatureCommand = Exclude<CommandName, "room.join" | "room.leave" | "token.refresh">;
export type FeatureTable = { readonly [N in FeatureCommand]: Handler<N> };

/** Where the answer goes: called exactly once, for writes synchronously after COMMIT. */
export type Answer = (reply: unknown) => void;

/** What comes with a command besides its arguments. */
export interface Delivery {
  /** What came in, about, for the writer's batches. */
  readonly bytes: number;
  readonly once?: Once | undefined;
  /** The client's, of a request over HTTP. */
  readonly address?: string | undefined;
  /** The scheduled command that this is. */
  readonly completes?: number | undefined;
}

/** How far a command got before `execute` returned. */
export type Progress = "answered" | "written" | "waiting";

/** Writes that the same socket may queue one after another without waiting for each. */
export const QUEUEABLE: ReadonlySet<CommandName> = new Set<CommandName>(["message.send", "focus.update"]);

export interface DispatchDeps {
  readonly features: FeatureTable;
  readonly store: Reads;
  readonly access: Access;
  readonly presence: Presence;
  readonly oversight: Oversight;
  readonly settings: FeatureSettings;
  readonly writer: Writer;
  readonly sequencer: Sequencer;
  readonly clock: Clock;
  readonly log: Log;
}

type AnyOutcome = Outcome<CommandReply<CommandName>>;

/** Command → Reply and Publications. No promise lies between COMMIT, the answer and the telling. */
export class Dispatch {
  readonly #deps: DispatchDeps;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  execute(
    who: Principal,
    listener: Listener | null,
    command: Command<FeatureCommand>,
    delivery: Delivery,
    answer: Answer,
  ): Progress {
    const handler = this.#deps.features[command.name] as Handler<CommandName>;
    let outcome: MaybePromise<AnyOutcome>;
    try {
      outcome = this.#run(handler, who, listener, command, delivery.address ?? null);
    } catch (fault) {
      return this.#fault(command, fault, answer);
    }
    if (!(outcome instanceof Promise)) return this.#conclude(outcome, command, delivery, answer);
    outcome
      .then(
        (settled) => this.#conclude(settled, command, delivery, answer),
        (fault: unknown) => this.#fault(command, fault, answer),
      )
      .catch((fault: unknown) =>
        this.#deps.log.error("ANSWER_FAILED", `${command.name} could not be answered`, { fault }),
      );
    return "waiting";
  }

  #run(
    handler: Handler<CommandName>,
    who: Principal,
    listener: Listener | null,
    command: Command,
    address: string | null,
  ): MaybePromise<AnyOutcome> {
    if (handler.privileged === true && !isPrivileged(who))
      return refuse("FORBIDDEN", "Only admins and service keys may do this.");
    const { store, access, presence, oversight, settings, clock } = this.#deps;
    const context: FeatureContext = {
      who,
      listener,
      address,
      store,
      access,
      presence,
      oversight,
      settings,
      clock,
    };
    const run = (): MaybePromise<AnyOutcome> => handler.run(command.args, context);
    const needs = handler.needs?.(command.args) ?? [];
    if (needs.length === 0) return run();
    const allowed = this.#mayAll(who, needs, "send");
    if (allowed instanceof Promise) return allowed.then((yes) => (yes ? run() : refuse("FORBIDDEN")));
    return allowed ? run() : refuse("FORBIDDEN");
  }

  #mayAll(who: Principal, topics: readonly Topic[], action: Action): MaybePromise<boolean> {
    const grants = topics.map((topic) => this.#deps.access.may(who, topic, action));
    if (grants.some((grant) => grant instanceof Promise))
      return Promise.all(grants).then((all) => all.every((grant) => grant !== null));
    return grants.every((grant) => grant !== null);
  }

  #conclude(outcome: AnyOutcome, command: Command, delivery: Delivery, answer: Answer): Progress {
    if (isRefusal(outcome)) {
      answer(outcome);
      return "answered";
    }
    if ("write" in outcome) {
      const { bytes, once, completes } = delivery;
      const write =
        once === undefined && completes === undefined ? outcome.write : { ...outcome.write, once, completes };
      this.#deps.writer.submit(write, bytes, (result) => answer(this.#settled(result, outcome.settle)));
      return "written";
    }
    const { live } = outcome;
    // What is live tells of the moment, and waits for no disk.
    if (live === undefined && this.#deps.writer.committing) {
      this.#deps.writer.afterSettling(() => answer(outcome.reply));
      return "waiting";
    }
    answer(outcome.reply);
    if (live !== undefined && live.length > 0) this.#deps.sequencer.enterLive(live);
    return "answered";
  }

  #settled(result: OpResult | OpFault, settle: (result: OpResult) => unknown): unknown {
    if ("fault" in result) return result.full ? refuse("STORE_FULL") : refuse("INTERNAL");
    return settle(result);
  }

  #fault(command: Command, fault: unknown, answer: Answer): Progress {
    this.#deps.log.error("COMMAND_FAILED", `${command.name} failed`, { fault });
    answer(refuse("INTERNAL") satisfies Refusal);
    return "answered";
  }
}
