/** A server that goes away and comes back. */
import { expect } from "bun:test";
import { ALICE, chatIn } from "../support/people.ts";
import { startServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();
const SECRET = "a-secret-that-outlives-the-server-and-is-long-enough";

test("while the server is away a banner says so; when it is back, everything goes on by itself", async () => {
  const first = await startServer({ jwtSecret: SECRET });
  await using tab = await consoles.open(first);
  const { page } = tab;
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await first[Symbol.asyncDispose]();
  const banner = page.getByRole("complementary", { name: "Connection to the server" });
  await banner.waitFor();
  expect(await banner.textContent()).toContain("What is shown may be old.");

  await using second = await startServer({ jwtSecret: SECRET, port: first.port });
  await banner.getByRole("button", { name: "Try now" }).click();
  await banner.waitFor({ state: "detached" });
  await page.getByRole("status").filter({ hasText: "The server is back." }).waitFor({ state: "attached" });
  await chatIn(second, ALICE);
  await page.waitForFunction(() => document.querySelector(".tile-value")?.textContent === "1");
});

test("the tail of events goes on where it was interrupted", async () => {
  const first = await startServer({ jwtSecret: SECRET });
  await using tab = await consoles.open(first, { hash: "#/events" });
  const { page } = tab;
  await page.getByText("live", { exact: true }).first().waitFor();
  await first[Symbol.asyncDispose]();
  await page.getByText("waiting for the server").waitFor();
  await using second = await startServer({ jwtSecret: SECRET, port: first.port });
  const alice = await chatIn(second, ALICE, ["channel:1"]);
  await page.getByText("live", { exact: true }).first().waitFor();
  alice.send({ type: "send_message", room: "channel:1", data: { content: "after the break" } });
  await page.getByRole("row", { name: /after the break/ }).waitFor();
});
