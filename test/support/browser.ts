/** A real browser, where one is installed. */
import { afterAll } from "bun:test";
import { type Browser, type Page, chromium } from "playwright-core";

const PLACES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser's program; null where none is installed: tests that need it are skipped, and say so. */
export const BROWSER: string | null =
  PLACES.map((name) => Bun.which(name)).find((path) => path !== null) ?? null;

if (BROWSER === null)
  console.warn(`no chromium on PATH: what needs a browser is skipped in ${import.meta.file}`);

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Faults of the page: exceptions, refused resources, messages of the kind `error`. */
  readonly faults: string[];
}

export interface PageOptions {
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Opens a page without history. */
export type Open = (url: string, options?: PageOptions) => Promise<OpenPage>;

/** Once a file: `const openPage = useBrowser()`, then `await using tab = await openPage(url)`. Ended with the file. */
export function useBrowser(): Open {
  let browser: Promise<Browser> | undefined;
  afterAll(async () => {
    await (await browser)?.close();
  });
  return async (url, options = {}) => {
    if (BROWSER === null) throw new Error("no browser is installed: use test.skipIf(BROWSER === null)");
    // In a container Chromium's own sandbox has no rights to be set up.
    browser ??= chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
    // A page of a context of its own: axe opens another one beside it.
    const context = await (await browser).newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (fault) => faults.push(String(fault)));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await page.goto(url);
    return { page, faults, [Symbol.asyncDispose]: () => context.close() };
  };
}
