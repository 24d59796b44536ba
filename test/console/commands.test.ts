/** The commands that empty views offer: pasted where the server runs, in whatever folder, they fill the view. */
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { shell, start, startShell, tempFolder } from "../cli/program.ts";
import { KEY, startServer } from "../support/server.ts";
import { go, test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

/**
 * Views that are empty at first, by their headings; events last: it opens a stream of its own. The security
 * log has no such time: whoever looks at it stands in it.
 */
const EMPTY = {
  Connections: "#/connections",
  "Service keys": "#/keys",
  Rooms: "#/rooms",
  Users: "#/users",
  Inbox: "#/inbox",
  Events: "#/events",
} as const;
type Heading = keyof typeof EMPTY;

const offered = async (page: Page, heading: Heading): Promise<string> => {
  await go(page, EMPTY[heading], heading);
  return (await page.locator(".empty .code code").textContent()) ?? "";
};

/** Pastes it in a folder where nothing is. */
async function paste(command: string): Promise<void> {
  using elsewhere = tempFolder();
  const { code, stderr } = await shell(command, { cwd: elsewhere.path });
  expect({ command, code, stderr: code === 0 ? "" : stderr }).toEqual({ command, code: 0, stderr: "" });
}

async function listened(page: Page, heading: Heading, command: string): Promise<void> {
  await using _ = startShell(`exec ${command}`);
  await go(page, EMPTY[heading], heading);
  await page.locator("tbody tr[data-opens]").first().waitFor();
}

test("what a server that keeps everything offers in its empty views fills them", async () => {
  using folder = tempFolder();
  // A key of the environment is in no list, and nobody's token makes him a user.
  const env = { DATA_DIR: folder.path, API_KEYS: KEY };
  await using server = start(["serve", "--port", "0", "--host", "127.0.0.1"], { env });
  const url = await server.listening();

  await using tab = await consoles.open({ url });
  const { page } = tab;
  await page.getByLabel("Admin token or service key").fill(KEY);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const commands = new Map<Heading, string>();
  for (const heading of Object.keys(EMPTY) as Heading[]) commands.set(heading, await offered(page, heading));
  await listened(page, "Connections", commands.get("Connections") ?? "");
  await Promise.all([...commands].map(([heading, command]) => heading === "Connections" || paste(command)));
  for (const heading of commands.keys()) {
    if (heading === "Connections") continue;
    await go(page, EMPTY[heading], heading);
    await page.locator("tbody tr:not([aria-hidden])").first().waitFor();
  }
  await go(page, "#/tokens", "Tokens");
  await paste((await page.locator(".code code").textContent()) ?? "");
  await go(page, "#/settings", "Settings");
  await paste((await page.locator("main .code code").textContent()) ?? "");
});

test("of what is in memory nothing is offered that would need a folder", async () => {
  await using server = start(["dev", "--port", "0", "--host", "127.0.0.1"]);
  await using tab = await consoles.open({ url: await server.listening() });
  const { page } = tab;
  await listened(page, "Connections", await offered(page, "Connections"));
  await go(page, "#/keys", "Service keys");
  await page.getByText("Make one here.").waitFor();
  expect(await page.locator(".empty .code").count()).toBe(0);
});

test("where a program embeds the server, the name is that of an installed one", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server);
  await go(tab.page, "#/connections", "Connections");
  await tab.page.getByText(`dragoman tail channel:1 --url ${server.url}`, { exact: true }).waitFor();
  await go(tab.page, "#/keys", "Service keys");
  await tab.page.getByText("dragoman key create backend", { exact: true }).waitFor();
  await go(tab.page, "#/events", "Events");
  await tab.page.getByText(`dragoman notify user:101 "Hello" --url ${server.url}`, { exact: true }).waitFor();
  await go(tab.page, "#/rooms", "Rooms");
  await tab.page.getByText(/^dragoman send channel:1 "Hello" --url/).waitFor();
  await go(tab.page, "#/nowhere", "Not found");
  expect(tab.faults).toEqual([]);
});
