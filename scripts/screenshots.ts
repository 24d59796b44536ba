#!/usr/bin/env bun
/**
 * Pictures of every view of the console, of a server with people in it: light, dark, and as a phone has it.
 *
 * Usage: bun scripts/screenshots.ts [folder]     the folder is dist/screenshots unless said otherwise
 */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { createTestServer, type TestServer } from "../src/app/dragoman.ts";
import { BROWSER } from "../test/support/browser.ts";
import { ROOT } from "./run.ts";
import { fillServer, STAGE, storeFolder } from "./screenshots-story.ts";

/** Opens something in a view before the picture is taken. */
type Before = (page: Page) => Promise<void>;

interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly before?: Before;
}

const firstRow: Before = async (page) => {
  await page.locator("main a[data-row]").first().click();
  await page.locator("dialog[open] .facts").waitFor();
};

const withFrames: Before = async (page) => {
  await firstRow(page);
  await page.locator(".frame").nth(13).waitFor();
  await page.locator(".frame.out").last().click();
  await page.locator(".frame-open").waitFor();
};

const withCloses: Before = async (page) => {
  await page.getByRole("tab", { name: "Earlier closes" }).click();
  await page.locator(".entries li").first().waitFor();
};

const SHOTS: readonly Shot[] = [
  {
    name: "overview",
    hash: "#/overview",
    before: (page) => page.getByText("1 min", { exact: true }).click(),
  },
  { name: "connections", hash: "#/connections" },
  { name: "connection", hash: "#/connections?dialect=chat", before: withFrames },
  { name: "rooms", hash: "#/rooms" },
  { name: "room", hash: "#/rooms/channel:1" },
  { name: "events", hash: "#/events" },
  { name: "event", hash: "#/events", before: firstRow },
  { name: "users", hash: "#/users" },
  { name: "user", hash: "#/users/101" },
  { name: "user-closes", hash: "#/users/105", before: withCloses },
  { name: "inbox", hash: "#/inbox" },
  { name: "inbox-of", hash: "#/inbox/101" },
  { name: "tokens", hash: "#/tokens" },
  { name: "keys", hash: "#/keys" },
  { name: "security", hash: "#/security" },
  { name: "security-closed", hash: "#/security?kind=closed", before: firstRow },
  { name: "settings", hash: "#/settings" },
  { name: "no-connections", hash: "#/connections?dialect=diary" },
  { name: "shortcuts", hash: "#/overview", before: (page) => page.keyboard.press("?") },
];

const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: "dark", viewport: { width: 390, height: 844 } },
} as const;

const folder = resolve(process.argv[2] ?? `${ROOT}/dist/screenshots`);
if (BROWSER === null) {
  console.error("error  no chromium is installed\nfix    install it, for example: apt-get install chromium");
  process.exit(1);
}
await mkdir(folder, { recursive: true });
using store = storeFolder();
await using server = await createTestServer({ settings: { ...STAGE, dataDir: store.path } });
const story = await fillServer(server);
const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
for (const look of Object.keys(LOOKS) as (keyof typeof LOOKS)[]) await shoot(browser, server, look);
await browser.close();
await story.end();

async function shoot(
  browser: Browser,
  { url, assembly }: TestServer,
  look: keyof typeof LOOKS,
): Promise<void> {
  const context = await browser.newContext({ ...LOOKS[look], reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${url}/console/#/setup/${assembly.setupCode()}`);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  for (const { name, hash, before } of SHOTS) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    // What is asked for has been answered once nothing is said to be busy.
    await page.waitForTimeout(900);
    await before?.(page);
    await page.screenshot({ path: `${folder}/${name}-${look}.png` });
    await page.keyboard.press("Escape");
    await page.mouse.move(0, 0);
  }
  await page
    .getByRole("button", { name: "Sign out" })
    .or(page.getByRole("button", { name: "Menu" }))
    .first()
    .click();
  if (look === "phone") await page.screenshot({ path: `${folder}/menu-phone.png` });
  if (look === "phone") await page.getByRole("button", { name: "Sign out" }).last().click();
  await page.screenshot({ path: `${folder}/sign-in-${look}.png` });
  await context.close();
  console.log(`${folder}/*-${look}.png`);
}
