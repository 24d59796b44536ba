import { expect, test } from "bun:test";
import type { Topic } from "../../src/core/topic.ts";
import { createEpochs } from "../../src/access/epochs.ts";
import { person, setUp } from "./fakes.ts";

const may = (access: ReturnType<typeof setUp>["access"], user = person("5")) =>
  access.may(user, "channel:9", "join");

test("what the old workspace of a room opened is forgotten, of everybody, by membership and by token", () => {
  const { access, rooms } = setUp();
  const byToken = person("7", { workspaces: ["1"] });
  rooms.add("5", "workspace:1");
  rooms.homes.set("channel:9", "1");
  expect([may(access), may(access, byToken)]).toEqual(["member:workspace:1", "token"]);
  rooms.homes.set("channel:9", "2");
  expect([may(access), may(access, byToken)]).toEqual(["member:workspace:1", "token"]);
  access.reset();
  expect([may(access), may(access, byToken)]).toEqual([null, null]);
  rooms.add("5", "workspace:2");
  expect(may(access)).toBe("member:workspace:2");
});

test("an answer that was on its way when the room moved is asked again", async () => {
  const { access, rooms } = setUp();
  rooms.add("5", "workspace:1");
  rooms.homes.set("channel:9", "1");
  const answers: ((found: Topic | null) => void)[] = [];
  rooms.answer = () => new Promise((resolve) => answers.push(resolve));
  const before = access.epoch("5");
  const asked = may(access);
  access.reset();
  expect(access.epoch("5")).toBeGreaterThan(before);
  answers.shift()?.("workspace:1");
  await new Promise<void>((resolve) => setImmediate(resolve));
  answers.shift()?.(null);
  expect(await asked).toBeNull();
});

test("a change of all is a change of each, also of those who changed before and after", () => {
  const epochs = createEpochs(2);
  for (const user of ["a", "b", "c"]) epochs.changed(user);
  epochs.allChanged();
  const all = epochs.now();
  expect([epochs.of("a"), epochs.of("c"), epochs.of("new"), epochs.ofAll()]).toEqual([all, all, all, all]);
  epochs.changed("a");
  expect([epochs.of("a"), epochs.of("b"), epochs.ofAll()]).toEqual([all + 1, all, all]);
  for (const user of ["d", "e", "f", "g"]) epochs.changed(user);
  expect(epochs.of("b")).toBeGreaterThanOrEqual(all);
});
