/** Streams over HTTP: whoever is removed while he listens hears nothing more, and is not cut off from what is his. */
import { expect, test } from "bun:test";
import { http } from "../support/http.ts";
import { FORMER, happen, overheard, removeFormer, startScene } from "./isolation-scene.ts";

test("a stream of somebody who is removed goes silent about what was closed to him", async () => {
  await using server = await startScene();
  const path =
    "/api/v1/events?topics=workspace:789,channel:9,task:456,focus:focus-123&personal=true&last_event_id=latest";
  const response = await http(server, FORMER).fetch("GET", path);
  expect(response.status).toBe(200);
  await happen(server, "before");
  await removeFormer(server);
  await happen(server, "after");
  await http(server, "key").post(`/api/v1/admin/users/${FORMER.id}/disconnect`);
  const heard = overheard(await response.text(), String(FORMER.id));
  const kindsOf = (phase: string): string[] =>
    heard
      .filter((one) => one.phase === phase)
      .map(({ kind }) => kind)
      .toSorted();
  expect(kindsOf("after")).toEqual(["everyone", "own"]);
  expect(kindsOf("before")).toEqual([
    "channel",
    "everyone",
    "focus",
    "members",
    "notices",
    "own",
    "presence",
    "task",
    "workspace",
  ]);
});
