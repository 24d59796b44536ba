import { describe, expect, test } from "bun:test";
import type { Grant } from "../../src/access/access.ts";
import type { Principal } from "../../src/core/principal.ts";
import type { Topic } from "../../src/core/topic.ts";
import { anonymous, key, person, setUp } from "./fakes.ts";

const TOPICS = [
  "everyone",
  "user:1",
  "user:2",
  "workspace:5",
  "channel:9",
  "task:7",
  "focus:s",
  "room:lobby",
  "channel:free",
] as const satisfies readonly Topic[];
const ALL = "privileged";

/** What each may, with workspace 5 (of user 1) holding channel 9, task 7 and session s; user 2 is a member of channel 9 alone. */
const MEMBERS: readonly [string, Principal, readonly (Grant | null)[]][] = [
  [
    "an anonymous socket, even of the id it claims",
    anonymous("1"),
    [null, null, null, null, null, null, null, null, null],
  ],
  ["a stranger", person("3"), [null, null, null, null, null, null, null, "free", null]],
  [
    "a member of the workspace",
    person("1"),
    [
      null,
      "self",
      null,
      "member:workspace:5",
      "member:workspace:5",
      "member:workspace:5",
      "member:workspace:5",
      "free",
      null,
    ],
  ],
  [
    "a member of the channel",
    person("2"),
    [null, null, "self", null, "member:channel:9", null, null, "free", null],
  ],
  [
    "a token for the workspace",
    person("3", { workspaces: ["5"] }),
    [null, null, null, "token", "token", "token", "token", "free", null],
  ],
  [
    "a token for another workspace",
    person("3", { workspaces: ["6"] }),
    [null, null, null, null, null, null, null, "free", null],
  ],
  [
    "a token for one channel",
    person("3", { rooms: ["channel:9"] }),
    [null, null, null, null, "token", null, null, "free", null],
  ],
  [
    "a token for a project",
    person("3", { rooms: ["project_5"] }),
    [null, null, null, "token", null, null, null, "free", null],
  ],
  [
    "a token for all channels",
    person("3", { rooms: ["channel_*"] }),
    [null, null, null, null, "token", null, null, "free", "token"],
  ],
  [
    "a token for every room",
    person("3", { rooms: ["*"] }),
    [null, null, null, "token", "token", "token", "token", "free", "token"],
  ],
  [
    "a token that names users",
    person("3", { rooms: ["user:*", "user:1", "user_2", "everyone"] }),
    [null, null, null, null, null, null, null, "free", null],
  ],
  ["an admin", person("3", { admin: true }), [ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL]],
  ["a service key", key("1"), [ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL]],
];

function stored(mode: "members" | "open" = "members") {
  const set = setUp({ mode });
  set.rooms.add("1", "workspace:5");
  set.rooms.add("2", "channel:9");
  for (const topic of ["channel:9", "task:7", "focus:s"] as const) set.rooms.homes.set(topic, "5");
  set.rooms.tasks.set("7", "5");
  return set;
}

describe("in the members mode", () => {
  for (const [name, who, grants] of MEMBERS) {
    test(`${name} may what the table says`, () => {
      const { access } = stored();
      expect(TOPICS.map((topic) => [topic, access.may(who, topic, "join")])).toEqual(
        TOPICS.map((topic, at) => [topic, grants[at] ?? null]),
      );
    });
  }
});

describe("in the open mode", () => {
  const others: readonly [string, Principal, readonly (Grant | null)[]][] = [
    [
      "a stranger may everything but another's topic and everyone's",
      person("3"),
      [null, null, null, "open", "open", "open", "open", "free", "open"],
    ],
    [
      "a token's grant comes first",
      person("3", { rooms: ["channel:9"] }),
      [null, null, null, "open", "token", "open", "open", "free", "open"],
    ],
    ["an anonymous socket may nothing", anonymous("1"), TOPICS.map(() => null)],
  ];
  for (const [name, who, grants] of others) {
    test(name, () => {
      const { access, rooms } = stored("open");
      expect(TOPICS.map((topic) => access.may(who, topic, "send"))).toEqual([...grants]);
      expect(rooms.asked).toBe(0);
    });
  }
});

test("every spelling of a room in a token is the same room", () => {
  const { access } = setUp();
  for (const pattern of [
    "project:789",
    "project_789",
    "workspace:789",
    "workspace_789",
    "project:*",
    "project_*",
    "workspace:*",
  ]) {
    expect([pattern, access.may(person("1", { rooms: [pattern] }), "workspace:789", "join")]).toEqual([
      pattern,
      "token",
    ]);
    expect(access.may(person("1", { rooms: [pattern] }), "task:789", "join")).toBeNull();
  }
  expect(access.may(person("1", { rooms: ["focus:*"] }), "focus:x", "join")).toBe("token");
});

test("a star inside a name, an empty name and a control character match nothing", () => {
  const { access } = setUp();
  for (const pattern of ["chan*", "channel:9*", "", "channel:", "\u0000*", "x".repeat(200)]) {
    expect(access.may(person("1", { rooms: [pattern] }), "channel:99", "join")).toBeNull();
  }
});

test("a task that is stored in a workspace of the token is opened by it, from the task or from the room", () => {
  const { access, rooms } = setUp();
  rooms.tasks.set("1", "5");
  rooms.homes.set("task:2", "5");
  rooms.tasks.set("3", null);
  const who = person("1", { workspaces: ["5"] });
  expect(access.may(who, "task:1", "join")).toBe("token");
  expect(access.may(who, "task:2", "join")).toBe("token");
  expect(access.may(who, "task:3", "join")).toBeNull();
});

describe("stored memberships", () => {
  test("are asked once until they are too old", () => {
    const { access, rooms, clock } = setUp();
    rooms.add("1", "channel:9");
    expect(access.may(person("1"), "channel:9", "join")).toBe("member:channel:9");
    rooms.members.clear();
    clock.advance(29_999);
    expect(access.may(person("1"), "channel:9", "join")).toBe("member:channel:9");
    expect(rooms.asked).toBe(1);
    clock.advance(1);
    expect(access.may(person("1"), "channel:9", "join")).toBeNull();
  });

  test("that were taken away are gone at once when it is told", () => {
    const { access, rooms } = setUp();
    rooms.add("1", "channel:9");
    rooms.add("2", "channel:9");
    void access.may(person("1"), "channel:9", "join");
    void access.may(person("2"), "channel:9", "join");
    rooms.members.clear();
    access.changed("1");
    expect(access.may(person("1"), "channel:9", "join")).toBeNull();
    expect(access.may(person("2"), "channel:9", "join")).toBe("member:channel:9");
  });

  test("that are not there are asked for again: a room that is stored later opens at once", () => {
    const { access, rooms } = setUp();
    expect(access.may(person("1"), "channel:9", "join")).toBeNull();
    rooms.add("1", "channel:9");
    expect(access.may(person("1"), "channel:9", "join")).toBe("member:channel:9");
  });

  test("are never kept with cacheSeconds 0", () => {
    const { access, rooms } = setUp({ cacheSeconds: 0 });
    rooms.add("1", "channel:9");
    void access.may(person("1"), "channel:9", "join");
    rooms.members.clear();
    expect(access.may(person("1"), "channel:9", "join")).toBeNull();
  });

  test("of users and topics whose names run together are kept apart", () => {
    const { access, rooms } = setUp();
    rooms.add("23", "channel:1");
    expect(access.may(person("23"), "channel:1", "join")).toBe("member:channel:1");
    expect(access.may(person("3"), "channel:12", "join")).toBeNull();
  });

  test("that were read before the user's access changed are read again", async () => {
    const { access, rooms } = setUp();
    rooms.add("1", "channel:9");
    const gates: (() => void)[] = [];
    rooms.answer = (found) => new Promise((resolve) => gates.push(() => resolve(found)));
    const asked = access.may(person("1"), "channel:9", "join");
    expect(asked).toBeInstanceOf(Promise);

    rooms.members.clear();
    access.changed("1");
    gates[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(rooms.asked).toBe(2);
    gates[1]?.();
    expect(await asked).toBeNull();

    rooms.answer = null;
    expect(access.may(person("1"), "channel:9", "join")).toBeNull();
  });

  test("that are always overtaken end as a no", async () => {
    const { access, rooms } = setUp();
    rooms.add("1", "channel:9");
    rooms.answer = (found) => {
      access.changed("1");
      return Promise.resolve(found);
    };
    expect(await access.may(person("1"), "channel:9", "join")).toBeNull();
    expect(rooms.asked).toBe(5);
  });
});
