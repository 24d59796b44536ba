/** The tail of everything that happens. */
import { expect } from "bun:test";
import { http } from "../support/http.ts";
import { ADMIN, ALICE, chatIn } from "../support/people.ts";
import { startServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

test("the tail begins with what is kept, goes on live, and is filtered by kind, topic and text", async () => {
  await using server = await startServer();
  const { post } = http(server, ADMIN);
  await post("/api/v1/rooms/channel:1/messages", { content: "said before" });
  await using tab = await consoles.open(server, { hash: "#/events" });
  const rows = tab.page.locator("main tbody tr");
  await rows.filter({ hasText: "said before" }).waitFor();
  await tab.page.getByText("live", { exact: true }).first().waitFor();
  await post("/api/v1/rooms/channel:2/messages", { content: "said now" });
  await post(`/api/v1/notify/users/${ALICE.id}`, { message: "told now" });
  await rows.filter({ hasText: "told now" }).waitFor();
  await tab.page.getByLabel("Kind").selectOption("message.created");
  await tab.page.getByLabel("Topic").selectOption("channel:2");
  await tab.page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  expect(await rows.textContent()).toContain("said now");
  await tab.page.getByRole("searchbox").fill("no such text");
  await tab.page.getByText("Nothing fits the filter.").waitFor();
});

test("paused, it holds what happens and counts it; going on shows all of it", async () => {
  await using server = await startServer();
  const { post } = http(server, ADMIN);
  await using tab = await consoles.open(server, { hash: "#/events" });
  await tab.page.getByText("live", { exact: true }).first().waitFor();
  await tab.page.getByRole("button", { name: "Pause" }).click();
  for (const content of ["one", "two", "three"]) await post("/api/v1/rooms/channel:1/messages", { content });
  await tab.page.getByRole("button", { name: "Go on (3 held)" }).click();
  await tab.page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 3);
});

test("an event in full is copied as curl, and the commands do what they say", async () => {
  await using server = await startServer();
  const { post } = http(server, ADMIN);
  const content = `it's "quoted", and $HOME is not expanded`;
  await post("/api/v1/rooms/channel:1/messages", { content });
  const listener = await chatIn(server, ALICE, ["channel:1"]);
  await using tab = await consoles.open(server, { hash: "#/events" });
  await tab.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const row = tab.page.getByRole("row", { name: /message.created/ });
  await row.getByRole("link").click();
  const drawer = tab.page.getByRole("dialog", { name: "message.created" });
  await drawer.getByText('"message_id"').waitFor();
  await drawer.getByRole("button", { name: "Copy as curl" }).click();
  const alike = await tab.page.evaluate(() => navigator.clipboard.readText());
  expect(alike).toContain("$DRAGOMAN_TOKEN");
  await drawer.getByRole("button", { name: /Copy export/ }).click();
  const exported = await tab.page.evaluate(() => navigator.clipboard.readText());
  await drawer.getByRole("button", { name: "Copy: This one again" }).click();
  const again = await tab.page.evaluate(() => navigator.clipboard.readText());

  if (Bun.which("curl") === null) return;
  const run = async (command: string): Promise<string> =>
    Bun.$`sh -c ${`${exported}\n${command.replace("curl ", "curl -s ")}`}`.text();
  await run(alike);
  expect(await listener.next("message")).toMatchObject({ data: { content } });
  expect(JSON.parse(await run(again))).toMatchObject({
    events: [{ kind: "message.created", data: { content } }, {}],
  });
});
