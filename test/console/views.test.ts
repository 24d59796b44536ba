/** Every view shows what a real server has. */
import { expect } from "bun:test";
import { http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { startServer, type StartedServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

/** Alice and Bob in a workspace's channel, talking. */
async function inhabited(): Promise<StartedServer> {
  const server = await startServer({ access: "members" });
  const { post, put } = http(server, ADMIN);
  await post("/api/v1/workspaces", { id: 789, name: "Demo" });
  await put("/api/v1/rooms/channel:1", { workspace_id: 789 });
  for (const { id } of [ALICE, BOB]) await put(`/api/v1/workspaces/789/members/${id}`, {});
  const alice = await chatIn(server, ALICE, ["channel:1"]);
  await notifierIn(server, BOB, ["channel_1"]);
  alice.send({ type: "send_message", room: "channel:1", data: { content: "Hello from Alice" } });
  await alice.next("message");
  await post(`/api/v1/notify/users/${BOB.id}`, {
    title: "Export ready",
    message: "Take it",
    level: "success",
  });
  return server;
}

test("the overview counts connections, users and rooms, and draws the server's last seconds", async () => {
  await using server = await inhabited();
  await using tab = await consoles.open(server);
  const tile = (label: string) => tab.page.locator(".tile", { hasText: label }).locator(".tile-value");
  await tab.page.waitForFunction(() => document.querySelector(".tile-value")?.textContent === "2");
  expect(await tile("Users online").textContent()).toBe("2");
  const chart = tab.page.getByRole("img", { name: /^Connections, last minute: / });
  await chart.waitFor();
  expect(await chart.locator("canvas").count()).toBe(1);
  await tab.page.getByRole("img", { name: /^Messages a second, last minute: in between / }).waitFor();
  await tab.page.getByRole("img", { name: /^Commit time, / }).waitFor();
  expect(await tab.page.getByRole("row", { name: "chat" }).getByRole("cell").last().textContent()).toBe("1");
  // And it goes on by itself.
  const carol = await nativeIn(server, { id: 7, username: "carol" });
  await tab.page.waitForFunction(() => document.querySelector(".tile-value")?.textContent === "3");
  await carol.close();
  expect(tab.faults).toEqual([]);
});

test("connections are listed with user and dialect, and filtered by both", async () => {
  await using server = await inhabited();
  await using tab = await consoles.open(server, { hash: "#/connections" });
  const rows = tab.page.locator("main tbody tr[data-opens]");
  await rows.nth(1).waitFor();
  expect(await rows.count()).toBe(2);
  await tab.page.getByRole("searchbox").fill("alice");
  await tab.page.waitForFunction(() => document.querySelectorAll("main tbody tr[data-opens]").length === 1);
  expect(await rows.first().textContent()).toContain("alice 12345");
  await tab.page.getByRole("searchbox").fill("");
  await tab.page.getByLabel("Dialect").selectOption("notifier");
  await tab.page.getByRole("row", { name: /bob/ }).waitFor();
  await tab.page.waitForFunction(() => document.querySelectorAll("main tbody tr[data-opens]").length === 1);
  expect(new URL(tab.page.url()).hash).toBe("#/connections?dialect=notifier");
});

test("a room shows who is in it, its members and what was said, and says something", async () => {
  await using server = await inhabited();
  const listener = await chatIn(server, ALICE, ["channel:1"]);
  await using tab = await consoles.open(server, { hash: "#/rooms" });
  await tab.page.getByRole("link", { name: "channel:1" }).click();
  const drawer = tab.page.getByRole("dialog", { name: "channel:1" });
  await drawer.getByText("Hello from Alice").waitFor();
  await drawer.getByLabel("Say something in channel:1").fill("Hello from the console");
  await drawer.getByRole("button", { name: "Send" }).click();
  expect(await listener.next("message")).toMatchObject({ data: { content: "Hello from the console" } });
  await drawer.getByText("Hello from the console").waitFor();
  await drawer.getByRole("tab", { name: "In it now 2" }).click();
  await drawer.getByRole("link", { name: String(BOB.id) }).waitFor();
  await drawer.getByRole("tab", { name: "Members" }).click();
  await drawer.getByRole("row", { name: "alice" }).waitFor();
  expect(tab.faults).toEqual([]);
});

test("an inbox is chosen by its user, and shows what he is told", async () => {
  await using server = await inhabited();
  await using tab = await consoles.open(server, { hash: "#/inbox" });
  await tab.page.getByRole("searchbox").fill("bo");
  await tab.page.getByRole("link", { name: "bob" }).click();
  await tab.page.getByRole("heading", { level: 1, name: "Inbox of bob" }).waitFor();
  await tab.page.getByText("Export ready").waitFor();
  await tab.page.getByRole("button", { name: "Notify" }).click();
  await tab.page.getByLabel("Message").fill("Second one");
  await tab.page.getByRole("button", { name: "Send" }).click();
  await tab.page.getByText("bob was told.").first().waitFor();
  await tab.page.getByRole("list", { name: "Notifications" }).getByText("Second one").waitFor();
  await tab.page.getByText("2 notifications unread").waitFor();
});

test("a user shows memberships and connections, gets a token, and is disconnected", async () => {
  await using server = await inhabited();
  const socket = await nativeIn(server, BOB);
  await using tab = await consoles.open(server, { hash: "#/users" });
  await tab.page.getByRole("link", { name: "bob" }).click();
  const drawer = tab.page.getByRole("dialog", { name: "bob" });
  await drawer.getByRole("link", { name: "workspace:789" }).waitFor();
  await drawer.getByRole("tab", { name: "Connections" }).click();
  await drawer.getByRole("row", { name: /stream/ }).waitFor();
  await drawer.getByRole("tab", { name: "Token" }).click();
  await drawer.getByRole("button", { name: "Make a token" }).click();
  const token = (await drawer.locator(".code code").first().textContent()) ?? "";
  const answer = await fetch(`${server.url}/api/v1/notifications`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  await drawer.getByRole("button", { name: "Disconnect" }).click();
  await tab.page
    .getByRole("dialog", { name: "Disconnect bob?" })
    .getByRole("button", { name: "Disconnect" })
    .click();
  expect(await socket.closed()).toEqual({ code: 1008, reason: "Disconnected by an admin" });
  await drawer.getByRole("tab", { name: "Earlier closes" }).click();
  await drawer.getByText("Ask the administrator.").first().waitFor();
});

test("settings have their value, its source and what they are for", async () => {
  await using server = await startServer({ maxConnectionsPerUser: 9 });
  await using tab = await consoles.open(server, { hash: "#/settings" });
  await tab.page.getByRole("searchbox").fill("connections of one");
  await tab.page.getByRole("searchbox").fill("MAX_CONNECTIONS_PER_USER");
  const row = tab.page.getByRole("row", { name: /MAX_CONNECTIONS_PER_USER/ });
  await row.waitFor();
  const cells = await row.getByRole("cell").allTextContents();
  expect(cells[0]).toStartWith("9");
  expect(cells.at(-1)).toBe("5");
  await tab.page.getByRole("searchbox").fill("JWT_SECRET");
  await tab.page
    .getByText(/set, not shown|not set/)
    .first()
    .waitFor();
});

test("the security log tells cause and remedy, and is filtered by kind and user", async () => {
  await using server = await inhabited();
  const socket = await chatIn(server, { ...ALICE, ttlSeconds: 1 });
  await socket.closed();
  await using tab = await consoles.open(server, { hash: "#/security" });
  await tab.page.getByLabel("Kind").selectOption("closed");
  await tab.page.getByRole("searchbox").fill(String(ALICE.id));
  const row = tab.page.getByRole("row", { name: /expired/ });
  await row.waitFor();
  expect(await row.textContent()).toContain("Get a fresh token");
  await row.getByRole("link").first().click();
  await tab.page.getByRole("dialog").getByText("Remedy.").waitFor();
});
