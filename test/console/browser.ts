/** The console in a real browser: one browser for a file, a fresh context for each test. */
import { test as bunTest } from "bun:test";
import type { Page } from "playwright-core";
import { BROWSER, type OpenPage, type PageOptions, useBrowser } from "../support/browser.ts";
import type { StartedServer } from "../support/server.ts";

/** Skipped where no browser is installed. */
export const test = bunTest.skipIf(BROWSER === null);

export interface TabOptions extends PageOptions {
  /** Where in the console to begin: `#/rooms`. */
  readonly hash?: string;
}

export interface Consoles {
  /** `await using tab = await consoles.open(server)` */
  open(server: Pick<StartedServer, "url">, options?: TabOptions): Promise<OpenPage>;
}

/** Once a file. */
export function useConsoles(): Consoles {
  const openPage = useBrowser();
  return {
    open: ({ url }, { hash = "", ...options } = {}) =>
      openPage(`${url}/console/${hash}`, {
        viewport: { width: 1280, height: 800 },
        reducedMotion: "reduce",
        ...options,
      }),
  };
}

/** Goes to another view as a link would, and waits for its heading. */
export async function go(page: Page, hash: string, heading: string | RegExp): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}
