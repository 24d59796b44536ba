import type { AccessOptions } from "../../src/access/rules.ts";
import { createAccess } from "../../src/access/rules.ts";
import { ManualClock } from "../../src/core/clock.ts";
import type { MaybePromise } from "../../src/core/command.ts";
import type { Log } from "../../src/core/log.ts";
import type { Principal } from "../../src/core/principal.ts";
import type { Topic } from "../../src/core/topic.ts";

export const person = (id: string, more: Partial<Principal> = {}): Principal => ({
  kind: "user",
  id,
  username: `name-${id}`,
  admin: false,
  rooms: [],
  workspaces: [],
  expiresAt: 2e9,
  ...more,
});

export const key = (name = "backend"): Principal =>
  person(name, { kind: "key", username: name, expiresAt: Infinity });
export const anonymous = (id = "5"): Principal => person(id, { kind: "anonymous", expiresAt: Infinity });

/** Memberships, rooms and tasks that a test fills; counts what is asked. */
class Rooms {
  readonly members = new Set<string>();
  readonly homes = new Map<Topic, string | null>();
  readonly tasks = new Map<string, string | null>();
  asked = 0;
  /** Where set, memberships are answered by promise. */
  answer: ((found: Topic | null) => MaybePromise<Topic | null>) | null = null;

  add(userId: string, topic: Topic): void {
    this.members.add(`${userId} ${topic}`);
  }
  membership(userId: string, topic: Topic): MaybePromise<Topic | null> {
    this.asked++;
    const home = this.homes.get(topic);
    const found = this.members.has(`${userId} ${topic}`)
      ? topic
      : home !== undefined && home !== null && this.members.has(`${userId} workspace:${home}`)
        ? (`workspace:${home}` as const)
        : null;
    return this.answer === null ? found : this.answer(found);
  }
  room(topic: Topic): { workspace_id: string | null } | null {
    const home = this.homes.get(topic);
    return home === undefined ? null : { workspace_id: home };
  }
  task(id: string): { id: string; workspace_id: string | null } | null {
    const home = this.tasks.get(id);
    return home === undefined ? null : { id, workspace_id: home };
  }
}

export interface LogEntry {
  readonly code: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export class MemoryLog implements Log {
  readonly warnings: LogEntry[] = [];
  debug(): void {}
  info(): void {}
  error(): void {}
  warn(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.warnings.push({ code, message, fields });
  }
  child(): Log {
    return this;
  }
}

export function setUp(more: Partial<AccessOptions> = {}) {
  const rooms = new Rooms();
  const clock = new ManualClock();
  const log = new MemoryLog();
  const access = createAccess({ mode: "members", store: rooms, cacheSeconds: 30, clock, log, ...more });
  return { rooms, clock, log, access };
}
