import type { Clock } from "../core/clock.ts";
import type { MaybePromise } from "../core/command.ts";
import type { Log } from "../core/log.ts";
import { isPrivileged, type Principal } from "../core/principal.ts";
import { EVERYONE, idOf, typeOf, type Topic } from "../core/topic.ts";
import type { Reads } from "../store/store.ts";
import type { Access, Action, Grant } from "./access.ts";
import { AnswerCache, pairKey } from "./cache.ts";
import { createEpochs } from "./epochs.ts";
import { tokenNames } from "./token-grants.ts";
import { createWebhook, type WebhookTarget } from "./webhook.ts";

export interface AccessOptions {
  readonly mode: "members" | "open";
  readonly store: Pick<Reads, "membership" | "room" | "task">;
  readonly webhook?: WebhookTarget | undefined;
  /** How long answers of the store and the webhook are kept; 0 asks each time. */
  readonly cacheSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often a question is put again because the user's access changed while it was open. */
const ATTEMPTS = 5;

/**
 * May he? The first reason that holds is the answer: privileged · self · free · token · open ·
 * member · webhook. Only yes of the store is kept: a room that is stored later opens at once.
 *
 * An answer of the store or the webhook that began before the user's access changed is asked
 * again; one that is overtaken five times is a no.
 */
export function createAccess(options: AccessOptions): Access {
  const { mode, store, clock, log } = options;
  const open = mode === "open";
  const cacheMs = options.cacheSeconds * 1000;
  const epochs = createEpochs();
  const memberships = new AnswerCache<Topic>(clock);
  const homes = new AnswerCache<string>(clock);
  const askWebhook =
    options.webhook === undefined ? null : createWebhook(options.webhook, cacheMs, epochs, clock, log);

  /** The stored workspace of a channel, task or session, where the token grants workspaces at all. */
  const byWorkspaceOfToken = (who: Principal, topic: Topic): MaybePromise<Grant | null> => {
    if (who.workspaces.length === 0 || !BELONGING.has(typeOf(topic))) return null;
    return after(homeOf(topic), (home) => (home !== null && who.workspaces.includes(home) ? "token" : null));
  };

  const homeOf = (topic: Topic): MaybePromise<string | null> => {
    const known = homes.get(topic, epochs.ofAll());
    if (known !== undefined) return known;
    const began = epochs.now();
    const stored: MaybePromise<{ workspace_id: string | null } | null> =
      typeOf(topic) === "task"
        ? after(store.task(idOf(topic)), (task) => task ?? store.room(topic))
        : store.room(topic);
    return after(stored, (room) => {
      const home = room?.workspace_id ?? null;
      if (home !== null) homes.set(topic, home, cacheMs, began);
      return home;
    });
  };

  const byMembership = (who: Principal, topic: Topic): MaybePromise<Grant | null> => {
    const key = pairKey(topic, who.id);
    const known = memberships.get(key, epochs.of(who.id));
    if (known !== undefined) return `member:${known}`;
    const began = epochs.now();
    return after(store.membership(who.id, topic), (found) => {
      if (found === null) return null;
      memberships.set(key, found, cacheMs, began);
      return `member:${found}` as const;
    });
  };

  const byWebhook = (who: Principal, topic: Topic, action: Action): MaybePromise<Grant | null> =>
    askWebhook === null ? null : after(askWebhook(who, topic, action), (allow) => (allow ? "webhook" : null));

  const lookUp = (
    who: Principal,
    topic: Topic,
    action: Action,
    attempts: number,
  ): MaybePromise<Grant | null> => {
    const began = epochs.now();
    const found = after(
      byWorkspaceOfToken(who, topic),
      (token) =>
        token ?? after(byMembership(who, topic), (member) => member ?? byWebhook(who, topic, action)),
    );
    return after(found, (grant) => {
      if (epochs.of(who.id) <= began) return grant;
      return attempts > 1 ? lookUp(who, topic, action, attempts - 1) : null;
    });
  };

  return {
    open,
    asks: askWebhook !== null,
    may(who, topic, action) {
      const grant = decideAlone(who, topic, open);
      return grant === undefined ? lookUp(who, topic, action, ATTEMPTS) : grant;
    },
    epoch: (userId) => epochs.of(userId),
    changed: (userId) => epochs.changed(userId),
    reset: () => epochs.allChanged(),
  };
}

/** Topics that may belong to a workspace. */
const BELONGING: ReadonlySet<string> = new Set(["channel", "task", "focus"]);

/** What needs no lookup; undefined where the store or the webhook has to say. */
function decideAlone(who: Principal, topic: Topic, open: boolean): Grant | null | undefined {
  if (who.kind === "anonymous") return null;
  if (isPrivileged(who)) return "privileged";
  if (topic === EVERYONE) return null;
  const type = typeOf(topic);
  if (type === "user") return idOf(topic) === who.id ? "self" : null;
  if (type === "room") return "free";
  if (tokenNames(who, topic)) return "token";
  return open ? "open" : undefined;
}

/** Goes on with a value, at once where it is there. */
function after<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
