/**
 * Who hears what, on every socket: strangers nothing, former members nothing more, nobody what is
 * another's own. The sockets come from the dialects' tables: one without a row below fails.
 */
import { describe, expect, test } from "bun:test";
import { DIALECTS } from "../../src/dialects/all.ts";
import type { Client } from "../support/client.ts";
import type { Asker } from "../support/http.ts";
import {
  ADMIN,
  enter,
  FORMER,
  happen,
  type Kind,
  MEMBER,
  overheard,
  type Phase,
  removeFormer,
  startScene,
  STRANGER,
} from "./isolation-scene.ts";

/** What a member hears there while it happens. */
const HEARD_BY_MEMBERS: Readonly<Record<string, readonly Kind[]>> = {
  "onetask.notifications": ["own", "members", "everyone"],
  "onetask.tasks": ["workspace", "task"],
  "onetask.focus": ["focus"],
  "onetask-v1.notifications": ["own", "members", "everyone"],
  "onetask-v1.tasks": ["workspace", "task"],
  "onetask-v1.focus": ["focus"],
  "chat.connect": ["own", "members", "everyone", "notices", "channel", "workspace", "task", "presence"],
  "diary.messages": ["own", "members", "everyone"],
  "notifier.connect": ["own", "members", "everyone", "notices", "channel", "workspace", "task", "free"],
  "native.stream": [
    "own",
    "members",
    "everyone",
    "notices",
    "channel",
    "workspace",
    "task",
    "focus",
    "presence",
    "free",
  ],
};

/** What is everybody's. */
const PUBLIC: readonly Kind[] = ["own", "free", "everyone"];
const INSIDE: readonly Kind[] = [
  ...PUBLIC,
  "notices",
  "channel",
  "workspace",
  "task",
  "members",
  "focus",
  "presence",
];

/** Told to each member by himself: it stays in his inbox when he is none any more. */
const TOLD_TO_HIM: readonly Kind[] = ["members", "notices"];

interface Role {
  readonly who: Asker;
  /** What of each phase he may hear at most. */
  readonly may: (kind: Kind, phase: Phase) => boolean;
}

const ROLES: Readonly<Record<string, Role>> = {
  stranger: { who: STRANGER, may: (kind) => PUBLIC.includes(kind) },
  "former member": {
    who: FORMER,
    may: (kind, phase) => (phase === "after" ? PUBLIC : INSIDE).includes(kind),
  },
  "former member who comes again": {
    who: FORMER,
    // What he was told himself as a member is his own.
    may: (kind, phase) => PUBLIC.includes(kind) || (TOLD_TO_HIM.includes(kind) && phase !== "after"),
  },
  member: { who: MEMBER, may: (kind) => INSIDE.includes(kind) },
  admin: { who: ADMIN, may: (kind) => INSIDE.includes(kind) },
  "service key": { who: "key", may: (kind) => INSIDE.includes(kind) },
  nobody: { who: "nobody", may: (kind, phase) => kind === "everyone" && phase !== "history" },
};

/** Where admins and keys may listen to anybody. */
const OPEN_TO_ADMINS = ["chat.connect", "notifier.connect", "native.stream"];

const heardOn = (client: Client | null, who: Asker) =>
  overheard(JSON.stringify(client?.received ?? []), typeof who === "string" ? "" : String(who.id));

const SOCKETS = DIALECTS.flatMap((dialect) =>
  dialect.sockets.map((at) => [`${dialect.name}.${at.name}`, dialect.name, at.path] as const),
);

describe.each(SOCKETS)("%s", (name, dialect, path) => {
  test("tells nobody what is not his to know, before, while and after he is a member", async () => {
    const expected = HEARD_BY_MEMBERS[name];
    if (expected === undefined) throw new Error(`say what a member hears on ${name}, in HEARD_BY_MEMBERS`);
    await using server = await startScene();
    const clients = new Map<string, Client | null>();
    for (const [role, { who }] of Object.entries(ROLES))
      if (!role.endsWith("again")) clients.set(role, await enter(server, dialect, path, who));
    await happen(server, "before");
    await removeFormer(server);
    clients.set("former member who comes again", await enter(server, dialect, path, FORMER));
    await happen(server, "after");

    for (const [role, { who, may }] of Object.entries(ROLES)) {
      const client = clients.get(role) ?? null;
      if (client?.socket.readyState === WebSocket.OPEN) await client.drain();
      const isOpenToAdmins = OPEN_TO_ADMINS.includes(name) && (who === ADMIN || who === "key");
      const leaks = heardOn(client, who).filter(({ kind, phase }) => !isOpenToAdmins && !may(kind, phase));
      expect([role, leaks]).toEqual([role, []]);
    }
    const live = (role: string, phase: Phase): Kind[] =>
      heardOn(clients.get(role) ?? null, ROLES[role]!.who)
        .filter((one) => one.phase === phase)
        .map(({ kind }) => kind)
        .toSorted();
    // It is not for want of anything to hear.
    expect(live("member", "after")).toEqual(expected.toSorted());
    expect(live("member", "before")).toEqual(expected.toSorted());
    expect(live("former member", "before")).toEqual(expected.toSorted());
  });
});
