/** The documentation in a real browser: readable, runnable, and no more than files of its server. */
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { seedDemo } from "../../src/app/demo.ts";
import { BROWSER, type OpenPage, type PageOptions, useBrowser } from "../support/browser.ts";
import { startServer, type StartedServer } from "../support/server.ts";

const openPage = useBrowser();
let server: StartedServer;
let alice: string;

beforeAll(async () => {
  server = await startServer();
  await seedDemo(server.assembly.hub);
  alice = server.token({ id: 101, username: "alice", ttlSeconds: 600 });
});
afterAll(() => server[Symbol.asyncDispose]());

const open = async (hash = "", options: PageOptions = {}): Promise<OpenPage> => {
  const tab = await openPage(`${server.url}/docs${hash}`, options);
  await tab.page.locator("main h1").waitFor();
  return tab;
};

/** Once the reference of the server is there. */
const reference = (page: Page): Promise<void> =>
  page.locator("nav.menu h2", { hasText: "HTTP" }).waitFor({ state: "attached" });

describe.skipIf(BROWSER === null)("the documentation", () => {
  test("begins with the first minute, asks nobody but its server, and has no fault", async () => {
    await using tab = await open();
    const asked: string[] = [];
    tab.page.on("request", (request) => asked.push(new URL(request.url()).origin));
    await tab.page.reload();
    await reference(tab.page);
    expect(await tab.page.locator("h1").textContent()).toContain("The first minute");
    expect(new Set(asked)).toEqual(new Set([server.url]));
    expect(tab.faults).toEqual([]);
  });

  test("an address leads to a heading, and a link in a guide to another guide", async () => {
    await using tab = await open("#/guide/resume/over-http");
    const heading = tab.page.locator("#over-http");
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await heading.isVisible()).toBe(true);
    await tab.page.locator("main a", { hasText: "native dialect" }).first().click();
    await tab.page.locator("h1", { hasText: "native" }).waitFor();
    expect(await tab.page.title()).toBe("native · Dragoman");
  });

  test("every page of the menu has a title of its own", async () => {
    await using tab = await open();
    await reference(tab.page);
    const links = await tab.page
      .locator("nav.menu > section > ul > li > a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    const titles = new Set<string>();
    for (const link of links) {
      await tab.page.evaluate((hash) => {
        location.hash = hash;
      }, link);
      await tab.page.locator(`nav.menu a[aria-current=page][href="${link}"]`).waitFor();
      const title = await tab.page.locator("main h1").textContent();
      expect(title).not.toContain("Nothing here");
      titles.add(`${link} ${title}`);
    }
    expect(titles.size).toBe(links.length);
    expect(links.length).toBeGreaterThan(30);
    expect(tab.faults).toEqual([]);
  }, 60_000);

  test("the slash goes to the search, arrows and Enter to what is found", async () => {
    await using tab = await open();
    await reference(tab.page);
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("join_room");
    await tab.page.locator("[role=option]", { hasText: "chat, sent" }).waitFor();
    await tab.page.keyboard.press("Enter");
    await tab.page.locator("#send-join_room").waitFor();
    expect(await tab.page.evaluate(() => location.hash)).toMatch(
      /^#\/websocket\/(chat|notifier)\/send-join_room$/,
    );
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("no such thing at all");
    await tab.page.getByText("Nothing has all of these words.").waitFor();
    await tab.page.keyboard.press("Escape");
    expect(await tab.page.locator("[role=combobox]").inputValue()).toBe("");
  });

  test("an endpoint is run in place, and a refusal says what to do", async () => {
    await using tab = await open("#/http/Inbox");
    await reference(tab.page);
    const operation = tab.page.locator("section.operation", {
      hasText: "/api/v1/notifications/unread-count",
    });
    await operation.getByText("Run it here").click();
    await operation.getByRole("button", { name: "Send" }).click();
    await operation.locator(".outcome .bad").waitFor();
    expect(await operation.locator(".outcome").textContent()).toContain("No token was given.");
    await operation.getByLabel("Token or service key").fill(alice);
    await operation.getByRole("button", { name: "Send" }).click();
    await operation.locator(".outcome .ok").waitFor();
    expect(await operation.locator(".outcome").textContent()).toContain('"count": 0');
    const command = await operation.locator(".code", { hasText: "curl" }).textContent();
    expect(command).toContain("Bearer $TOKEN");
    expect(command).not.toContain(alice);
  });

  test("a socket is tried in place: connect, send an example, hear the answer", async () => {
    await using tab = await open("#/websocket/native");
    const pane = tab.page.locator(".run").first();
    await pane.getByLabel("Token or service key").fill(alice);
    await pane.getByRole("button", { name: "Connect" }).click();
    await pane.getByText('"type":"welcome"').waitFor();
    await pane.getByLabel("Example").selectOption("ping");
    await pane.getByRole("button", { name: "Send" }).click();
    await pane.getByText('"type":"pong"').waitFor();
    await pane.getByRole("button", { name: "Disconnect" }).click();
    await pane.getByText("closed 1000").waitFor();
    expect(tab.faults).toEqual([]);
  });

  test("the token lasts as long as the tab", async () => {
    await using tab = await open("#/websocket/chat");
    await tab.page.locator(".run").first().getByLabel("Token or service key").fill(` Bearer ${alice} `);
    await tab.page.goto(`${server.url}/docs#/http/Tasks`);
    await reference(tab.page);
    const kept = await tab.page.evaluate(() => [
      JSON.stringify(sessionStorage),
      JSON.stringify(localStorage),
    ]);
    expect(kept[0]).toContain(alice);
    expect(kept[1]).not.toContain(alice);
  });

  test("on a phone the menu opens over the page, and nothing is wider than the screen", async () => {
    await using tab = await open("#/guide/concepts", { viewport: { width: 360, height: 740 } });
    await reference(tab.page);
    expect(await tab.page.locator("nav.menu").isVisible()).toBe(false);
    await tab.page.getByRole("button", { name: "Menu" }).click();
    await tab.page.locator("nav.menu a", { hasText: "Deployment" }).click();
    await tab.page.locator("h1", { hasText: "Deployment" }).waitFor();
    expect(await tab.page.locator("nav.menu").isVisible()).toBe(false);
    for (const hash of ["#/guide/deployment", "#/websocket/chat", "#/http/Notify", "#/events"]) {
      await tab.page.goto(`${server.url}/docs${hash}`);
      await tab.page.locator("main h1").waitFor();
      expect([hash, await tab.page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([
        hash,
        360,
      ]);
    }
  });

  for (const [colorScheme, hashes] of [
    ["light", ["#/guide/start", "#/websocket/chat", "#/http/Tasks"]],
    ["dark", ["#/guide/settings", "#/websocket/onetask", "#/events"]],
  ] as const) {
    test(`axe finds nothing, ${colorScheme}`, async () => {
      await using tab = await open("", { colorScheme });
      for (const hash of hashes) {
        await tab.page.goto(`${server.url}/docs${hash}`);
        await reference(tab.page);
        for (const summary of await tab.page.locator("main summary").all()) await summary.click();
        const { violations } = await new AxeBuilder({ page: tab.page }).analyze();
        const told = violations.map(
          ({ id, nodes }) => `${hash} ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
        );
        expect(told).toEqual([]);
      }
    }, 120_000);
  }
});
