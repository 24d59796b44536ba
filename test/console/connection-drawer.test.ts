/** One connection in full: its frames both ways as they happen, and its end. */
import { expect } from "bun:test";
import { ALICE, chatIn } from "../support/people.ts";
import { startServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

test("the drawer shows frames both ways as they happen, holds them while paused, and tells the end", async () => {
  await using server = await startServer();
  const alice = await chatIn(server, ALICE, ["channel:1"]);
  await using tab = await consoles.open(server, { hash: "#/connections" });
  await tab.page.getByRole("link", { name: "alice" }).click();
  const drawer = tab.page.getByRole("dialog", { name: "alice · chat" });
  const frames = drawer.getByRole("list", { name: "Frames, oldest first" });
  const saying = (content: string) =>
    alice.send({ type: "send_message", room: "channel:1", data: { content } });

  // The stream is open once a frame has shown.
  await expectFrame(
    () => saying("first"),
    () => frames.getByText("first").first().waitFor({ timeout: 500 }),
  );
  await frames
    .getByRole("button", { name: /from the client.*first/ })
    .first()
    .waitFor();
  await frames
    .getByRole("button", { name: /to the client.*first/ })
    .first()
    .waitFor();

  await frames
    .getByRole("button", { name: /to the client.*first/ })
    .first()
    .click();
  const opened = frames.getByText('"content": "first"').first();
  await opened.waitFor();
  // What is read stays in view, whatever comes behind it.
  for (let more = 0; more < 20; more++) saying(`more ${more}`);
  await frames.getByText("more 19").first().waitFor({ state: "attached" });
  expect(await opened.evaluate((it) => it.getBoundingClientRect().bottom < innerHeight)).toBeTrue();
  expect(await frames.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight > 100)).toBeTrue();

  await drawer.getByRole("button", { name: "Pause" }).click();
  saying("held");
  await drawer.getByRole("button", { name: "Go on (2 held)" }).waitFor();
  expect(await frames.getByText("held").count()).toBe(0);
  await drawer.getByRole("button", { name: "Go on" }).click();
  await frames.getByText("held").first().waitFor();
  await drawer.getByRole("button", { name: "Clear" }).click();
  await frames.getByText("Waiting for frames.").waitFor();

  await drawer.getByRole("button", { name: "Disconnect" }).click();
  const question = tab.page.getByRole("dialog", { name: "Disconnect this socket?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await drawer.getByRole("button", { name: "Disconnect" }).click();
  await question.getByRole("button", { name: "Disconnect" }).click();
  expect((await alice.closed()).code).toBe(1008);
  await drawer.getByText("Closed with 1008 Disconnected by an admin", { exact: true }).waitFor();
  await drawer.getByText("Ask the administrator.").waitFor();
  expect(tab.faults).toEqual([]);
});

test("the drawer tells how this user's connections ended before", async () => {
  await using server = await startServer();
  const short = await chatIn(server, { ...ALICE, ttlSeconds: 1 });
  await short.closed();
  await chatIn(server, ALICE);
  await using tab = await consoles.open(server, { hash: "#/connections" });
  await tab.page.getByRole("link", { name: "alice" }).click();
  const drawer = tab.page.getByRole("dialog", { name: "alice · chat" });
  await drawer.getByRole("tab", { name: "Earlier closes" }).click();
  await drawer.getByText("expired", { exact: true }).waitFor();
  await drawer.getByText(/Get a fresh token/).waitFor();
});

test("a connection that is closed already says so", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server, { hash: "#/connections/999999" });
  await tab.page.getByRole("dialog").getByText("This connection is closed.").waitFor();
});

/** Repeats something live until it is heard: from when one listens nobody can tell from outside. */
async function expectFrame(act: () => void, heard: () => Promise<void>): Promise<void> {
  for (let more = true; more;) {
    act();
    more = await heard().then(
      () => false,
      () => true,
    );
  }
}
