import { expect, test } from "bun:test";
import { refuse } from "../../src/core/errors.ts";
import { admin } from "../../src/features/admin.ts";
import { FEATURES, type FeatureCommandName } from "../../src/features/all.ts";
import { announcements } from "../../src/features/announcements.ts";
import { credentials } from "../../src/features/credentials.ts";
import type { Feature } from "../../src/features/feature.ts";
import { focus } from "../../src/features/focus.ts";
import { inbox } from "../../src/features/inbox.ts";
import { messages } from "../../src/features/messages.ts";
import { rooms } from "../../src/features/rooms.ts";
import { securityLog } from "../../src/features/security-log.ts";
import { tasks } from "../../src/features/tasks.ts";
import { workspaces } from "../../src/features/workspaces.ts";
import { key, PAGE, settled, setUp } from "./fakes.ts";

test("a command without a handler does not compile", () => {
  // @ts-expect-error -- focus is left out
  const incomplete: Feature<FeatureCommandName> = {
    ...messages,
    ...announcements,
    ...inbox,
    ...tasks,
    ...workspaces,
    ...rooms,
  };
  expect(incomplete).toBeDefined();
});

test("no command is answered by two features", () => {
  const features = [
    messages,
    announcements,
    inbox,
    tasks,
    workspaces,
    rooms,
    focus,
    securityLog,
    admin,
    credentials,
  ];
  const names = features.flatMap((feature) => Object.keys(feature));
  expect(names.toSorted()).toEqual(Object.keys(FEATURES).toSorted());
});

test("what only admins and keys may do is marked so, for the hub to check", () => {
  const privileged = Object.entries(FEATURES).filter(
    ([, handler]) => "privileged" in handler && handler.privileged,
  );
  const expected = ["notify.everyone", "security.list", ...Object.keys(admin), ...Object.keys(credentials)];
  expect(privileged.map(([name]) => name)).toEqual(expected);
});

test("a refusal of the store is the answer", async () => {
  const { run, store } = setUp();
  store.addWorkspace("5", null);
  const outcomes = [
    await run(key(), "workspace.archive", { id: "5" }),
    await run(key(), "notify.user", { user_id: "5", inRoom: false, notice: { message: "hello" } }),
    await run(key(), "notify.everyone", { notice: { message: "hello" } }),
  ];
  for (const outcome of outcomes) expect(settled(outcome, refuse("CONFLICT"))).toEqual(refuse("CONFLICT"));
  expect(await run(key(), "workspace.list", PAGE)).toHaveProperty("reply");
});
