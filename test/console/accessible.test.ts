/** axe finds nothing in any view, in light, dark and at phone width; and nothing makes the page wider than a phone. */
import { expect } from "bun:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, notifierIn } from "../support/people.ts";
import { startServer, type StartedServer } from "../support/server.ts";
import { go, type TabOptions, test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

const VIEWS: readonly (readonly [hash: string, heading: string | RegExp, ready: string])[] = [
  ["#/overview", "Overview", ".thirds"],
  ["#/connections", "Connections", "tbody tr[data-opens]"],
  ["#/rooms", "Rooms", "tbody tr[data-opens]"],
  ["#/rooms/channel:1", "Rooms", "dialog .messages"],
  ["#/events", "Events", "tbody tr[data-opens]"],
  ["#/users", "Users", "tbody tr[data-opens]"],
  [`#/users/${ALICE.id}`, "Users", "dialog .facts"],
  ["#/inbox", "Inbox", "tbody tr[data-opens]"],
  [`#/inbox/${ALICE.id}`, /^Inbox of/, ".notification"],
  ["#/tokens", "Tokens", "form"],
  ["#/keys", "Service keys", "tbody tr:not([aria-hidden])"],
  ["#/security", "Security log", "tbody tr[data-opens]"],
  ["#/settings", "Settings", ".settings"],
];

const WIDTHS: Readonly<Record<string, TabOptions>> = {
  "on a desk": {},
  "on a phone": { viewport: { width: 360, height: 740 } },
};
/** What colours have a say in; all else is the same in the light and in the dark. */
const RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"];

async function inhabited(): Promise<StartedServer> {
  const server = await startServer();
  const { post } = http(server, ADMIN);
  const alice = await chatIn(server, ALICE, ["channel:1"]);
  await notifierIn(server, BOB, ["channel_1", `a-room-with-a-name-${"that-is-rather-long-".repeat(4)}`]);
  alice.send({ type: "send_message", room: "channel:1", data: { content: "Hello ".repeat(40) } });
  await alice.next("message");
  await post(`/api/v1/notify/users/${ALICE.id}`, {
    title: "A title",
    message: `Text, ${"unbroken".repeat(30)}`,
    level: "error",
    data: { order: "x".repeat(200) },
  });
  await post("/api/v1/admin/keys", { name: "backend" });
  return server;
}

/** In the light, and what of it may differ in the dark. */
async function findings(page: Page): Promise<readonly string[]> {
  const light = await found(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await found(page, RULES_OF_COLOUR);
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark.map((finding) => `in the dark: ${finding}`)];
}

type AxeResults = Awaited<ReturnType<AxeBuilder["analyze"]>>;
type AxeRun = (page: Document, options: object) => Promise<Pick<AxeResults, "violations">>;

/** By axe as it is in the page: bringing it there anew takes longer than its work. */
async function found(page: Page, runOnly?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await new AxeBuilder({ page }).setLegacyMode().analyze();
  const { violations } = await page.evaluate(
    (rules) =>
      (window as unknown as { readonly axe: { readonly run: AxeRun } }).axe.run(document, {
        resultTypes: ["violations"],
        ...(rules === undefined ? {} : { runOnly: rules }),
      }),
    runOnly,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")} ${failureSummary}`),
  );
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [where, options] of Object.entries(WIDTHS))
  test(`every view is accessible ${where}, in the light and in the dark`, async () => {
    await using server = await inhabited();
    await using tab = await consoles.open(server, { colorScheme: "light", ...options });
    const { page } = tab;
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    for (const [hash, heading, ready] of VIEWS) {
      await go(page, hash, heading);
      await page.locator(ready).first().waitFor();
      expect({ hash, found: await findings(page), wider: await overflow(page) }).toEqual({
        hash,
        found: [],
        wider: 0,
      });
      if (hash !== "#/connections" && hash !== "#/events") continue;
      await page.locator("main a[data-row]").first().click();
      await page.locator("dialog .facts").waitFor();
      expect({ opened: hash, found: await findings(page) }).toEqual({ opened: hash, found: [] });
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
    }
    await page.keyboard.press("Escape");
    await go(page, "#/overview", "Overview");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    if (options.viewport !== undefined) {
      await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("dialog", { name: "Dragoman" }).waitFor();
      expect(await findings(page)).toEqual([]);
    }
    await page.getByRole("button", { name: "Sign out" }).last().click();
    await page.getByLabel("Admin token or service key").waitFor();
    expect(await findings(page)).toEqual([]);
    expect(tab.faults).toEqual([]);
    // It works offline: nothing comes from anywhere else.
    expect([...tab.origins]).toEqual([server.url]);
  }, 60_000);

test("on a phone the menu leads to every view and closes behind one", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server, { viewport: { width: 390, height: 844 } });
  await tab.page.getByRole("button", { name: "Menu" }).click();
  await tab.page.getByRole("dialog").getByRole("link", { name: "Rooms" }).click();
  await tab.page.getByRole("heading", { level: 1, name: "Rooms" }).waitFor();
  await tab.page.getByRole("dialog").waitFor({ state: "detached" });
});

test("the switch changes the colours, and they stay so", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server, { colorScheme: "light" });
  const { page } = tab;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole("button", { name: "Colours: system" }).click();
  const light = await background();
  await page.getByRole("button", { name: "Colours: light" }).click();
  await page.getByRole("button", { name: "Colours: dark" }).waitFor();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  await page.getByRole("button", { name: "Colours: dark" }).waitFor();
  expect(await background()).toBe(dark);
});
