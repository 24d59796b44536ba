import type { MaybePromise } from "../core/command.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";

/** What somebody wants with a topic; the access webhook is told. */
export type Action = "join" | "send" | "notify" | "read";

/**
 * By what a topic was opened. A subscription keeps it, so that a revocation finds the
 * subscriptions that it ends.
 */
export type Grant = "self" | "privileged" | "open" | "free" | "token" | "webhook" | `member:${Topic}`;

/** DOOR of access: may he? */
export interface Access {
  /** What opens the topic, or null. Answers at once where no lookup is needed. */
  may(who: Principal, topic: Topic, action: Action): MaybePromise<Grant | null>;
  /** Rises whenever something about the user's access changes. */
  epoch(userId: string): number;
  /** A membership came or went: forget what was cached of the user. */
  changed(userId: string): void;
  /** A room moved to another workspace: forget what was cached of everybody. */
  reset(): void;
  /** True where a backend is asked (the webhook): who may enter what is its to say. */
  readonly asks: boolean;
  /** True in the `open` mode, where topics that nobody stored exist too. */
  readonly open: boolean;
}
