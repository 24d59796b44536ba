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
  { name: "shortcuts", hash: "#/overview", before: (page) => page.keyboard.press("?") },
];

/** Of a server that has just been started. */
const EMPTY_SHOTS: readonly Shot[] = [
  { name: "empty-overview", hash: "#/overview" },
  { name: "empty-connections", hash: "#/connections" },
  { name: "empty-rooms", hash: "#/rooms" },
  { name: "empty-events", hash: "#/events" },
  { name: "empty-keys", hash: "#/keys" },
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
await using fresh = await createTestServer();
for (const look of Object.keys(LOOKS) as (keyof typeof LOOKS)[]) {
  await using page = await open(browser, server, look);
  await shoot(page, SHOTS, look);
  await shootLeaving(page, look);
  await using empty = await open(browser, fresh, look);
  await shoot(empty, EMPTY_SHOTS, look);
  console.log(`${folder}/*-${look}.png`);
}
await browser.close();
await story.end();

type Look = keyof typeof LOOKS;

async function open(browser: Browser, { url, assembly }: TestServer, look: Look): Promise<Page> {
  const page = await browser.newPage({ ...LOOKS[look], reducedMotion: "reduce" });
  await page.goto(`${url}/console/#/setup/${assembly.setupCode()}`);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  return page;
}

async function shoot(page: Page, shots: readonly Shot[], look: Look): Promise<void> {
  for (const { name, hash, before } of shots) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    // What is asked for has been answered by then, and drawn.
    await page.waitForTimeout(900);
    await before?.(page);
    await page.screenshot({ path: `${folder}/${name}-${look}.png` });
    await page.keyboard.press("Escape");
    await page.mouse.move(0, 0);
  }
}

/** The way out, which on a phone is in the menu, and where it leads. */
async function shootLeaving(page: Page, look: Look): Promise<void> {
  if (look === "phone") {
    await page.getByRole("button", { name: "Menu" }).click();
    await page.screenshot({ path: `${folder}/menu-phone.png` });
  }
  await page.getByRole("button", { name: "Sign out" }).last().click();
  await page.getByLabel("Admin token or service key").waitFor();
  await page.screenshot({ path: `${folder}/sign-in-${look}.png` });
}
