/** The page to try sockets with, in a real browser, on a server as `dragoman dev` starts it. */
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Locator, Page } from "playwright-core";
import { seedDemo } from "../../src/app/demo.ts";
import { BROWSER, type OpenPage, type PageOptions, useBrowser } from "../support/browser.ts";
import { startServer, type StartedServer } from "../support/server.ts";

const openPage = useBrowser();
let server: StartedServer;

beforeAll(async () => {
  server = await startServer();
  await seedDemo(server.assembly.hub);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Once it knows what the server speaks. */
async function open(fragment = "", options: PageOptions = {}): Promise<OpenPage> {
  const tab = await openPage(`${server.url}/websocket_test.html${fragment}`, options);
  await tab.page.locator(".bench").waitFor();
  return tab;
}

const tokenOf = (id: number, username: string): string => server.token({ id, username, ttlSeconds: 600 });
const pane = (page: Page, at = 0): Locator => page.locator("section.pane").nth(at);
const entries = (of: Locator, direction: "in" | "out"): Locator => of.locator(`details.entry.${direction}`);

async function demo(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Demo users" }).click();
  await page.getByRole("button", { name: /^alice/ }).waitFor();
}

describe.skipIf(BROWSER === null)("the page to try sockets with", () => {
  test("one event, told once, arrives side by side in the words of two dialects", async () => {
    await using tab = await open();
    const { page } = tab;
    await demo(page);
    await page.getByRole("button", { name: "See one event translated" }).click();
    await page.getByText("One event, 2 dialects.").waitFor();
    const [one, other] = await Promise.all(
      [0, 1].map((at) => pane(page, at).locator("details.entry.marked").textContent()),
    );
    expect(one).toContain('"notification_type": "task"');
    expect(other).toContain("notification.new");
    expect(one).not.toContain("notification.new");
    expect(await page.locator(".tell .pill").textContent()).toContain("202");
    expect(tab.faults).toEqual([]);
  });

  test("a dialect is chosen, an example sent as it is, and both directions are seen", async () => {
    await using tab = await open(`#dialect=chat&token=${tokenOf(101, "alice")}`);
    const chat = pane(tab.page);
    await chat.getByRole("button", { name: "Connect" }).click();
    await chat.getByText("connected", { exact: true }).waitFor();
    await chat.getByRole("button", { name: "join_room", exact: true }).click();
    await chat.getByRole("button", { name: "Send", exact: true }).click();
    await chat.getByText("joined_room", { exact: true }).waitFor();
    await chat.getByRole("button", { name: "send_message", exact: true }).click();
    await chat.getByRole("button", { name: "Send", exact: true }).click();
    await chat.getByText("message", { exact: true }).waitFor();
    expect(await entries(chat, "out").count()).toBe(2);
    await chat.getByText("Out", { exact: true }).click();
    await entries(chat, "in").first().waitFor({ state: "detached" });
    await chat.getByRole("button", { name: "Disconnect" }).click();
    await chat.getByText("Closed", { exact: true }).waitFor();
    expect(tab.faults).toEqual([]);
  });

  test("every dialect's first socket opens, and every example that it offers is JSON", async () => {
    await using tab = await open();
    const { page } = tab;
    await demo(page);
    const names = await pane(page).getByLabel("Dialect").locator("option").allTextContents();
    expect(names).toEqual(["onetask", "onetask-v1", "chat", "diary", "notifier", "native"]);
    for (const name of names) {
      await pane(page).getByLabel("Dialect").selectOption(name);
      await pane(page).getByRole("button", { name: "Connect" }).click();
      await pane(page).getByText("Open", { exact: true }).waitFor();
      for (const example of await pane(page).locator(".examples button").all()) {
        await example.click();
        const draft = await pane(page).getByLabel("Frame to send").inputValue();
        expect(() => void JSON.parse(draft)).not.toThrow();
      }
      await pane(page).getByRole("button", { name: "Disconnect" }).click();
      await pane(page).getByText("Closed", { exact: true }).waitFor();
    }
    expect(tab.faults).toEqual([]);
  }, 60_000);

  test("the documented HTTP events are there with a body that can be posted", async () => {
    await using tab = await open("#dialect=native");
    const { page } = tab;
    await demo(page);
    const native = pane(page);
    await native.getByRole("button", { name: "Connect" }).click();
    await native.getByText("welcome", { exact: true }).waitFor();
    const card = page.locator("section.tell");
    await card.getByLabel("Event").selectOption({ label: "native · /notify/users/{id}" });
    await card.getByLabel("id", { exact: true }).fill("101");
    await card.getByRole("button", { name: "Tell" }).click();
    await card.getByText("200", { exact: true }).waitFor();
    await native.getByText("notification.created").first().waitFor();
    await card.getByLabel("Body").fill("{");
    expect(await card.getByRole("button", { name: "Tell" }).isDisabled()).toBe(true);
  });

  test("a refused socket says why, and what to do", async () => {
    const others = tokenOf(101, "alice").replace(/.{9}$/, "forgeries");
    for (const [fragment, why] of [
      ["#dialect=native", /No token.*paste a token/],
      [`#dialect=native&token=${others}`, /4401|401|signature|not valid|invalid/i],
      [
        `#dialect=chat&token=${server.token({ id: 101, ttlSeconds: -60 })}`,
        /4401.*expired.*Get a fresh token/,
      ],
    ] as const) {
      await using tab = await open(fragment);
      await pane(tab.page).getByRole("button", { name: "Connect" }).click();
      const ending = pane(tab.page).locator(".ending");
      await ending.waitFor();
      expect(await ending.textContent()).toMatch(why);
    }
  });

  test("a token stays in the tab, and leaves the address", async () => {
    const token = tokenOf(102, "bob");
    await using tab = await open(`#token=${token}`);
    await tab.page.getByRole("button", { name: /^bob/ }).waitFor();
    const kept = await tab.page.evaluate(() => [
      location.href,
      JSON.stringify(sessionStorage),
      JSON.stringify(localStorage),
    ]);
    expect(kept.map((text) => text.includes(token))).toEqual([false, true, false]);
  });

  for (const [colorScheme, viewport] of [
    ["light", { width: 1280, height: 900 }],
    ["dark", { width: 390, height: 844 }],
  ] as const) {
    test(`axe finds nothing, ${colorScheme}, ${viewport.width} pixels wide, and nothing is wider`, async () => {
      await using tab = await open("", { colorScheme, viewport });
      const { page } = tab;
      const look = async (): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      };
      await look();
      await demo(page);
      await page.getByRole("button", { name: "See one event translated" }).click();
      await page.getByText("One event, 2 dialects.").waitFor();
      for (const summary of await page.locator("details:not(.entry) > summary").all()) await summary.click();
      await look();
    }, 60_000);
  }
});
