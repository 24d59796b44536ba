/** A real browser, where one is installed. */
import { afterAll, setDefaultTimeout } from "bun:test";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { TEST_MS } from "./patience.ts";

const PLACES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser's program; null where none is installed: tests that need it are skipped, and say so. */
export const BROWSER: string | null =
  PLACES.map((name) => Bun.which(name)).find((path) => path !== null) ?? null;

if (BROWSER === null)
  console.warn(`no chromium on PATH: what needs a browser is skipped in ${import.meta.file}`);

export type PageOptions = Pick<BrowserContextOptions, "colorScheme" | "reducedMotion" | "viewport">;

export interface OpenPage extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Faults of the page: exceptions, refused resources, messages of the kind `error`. */
  readonly faults: string[];
  /** Where anything was asked for. */
  readonly origins: ReadonlySet<string>;
}

/** Opens a page without history. */
export type Open = (url: string, options?: PageOptions) => Promise<OpenPage>;

/**
 * Once a file: `const openPage = useBrowser()`, then `await using tab = await openPage(url)`. The browser
 * is started by the first test that wants it, and ended with the file. A test that ran out of time takes
 * it along (the runner ends its processes): the next one gets a new one.
 */
export function useBrowser(): Open {
  let browser: Browser | undefined;
  setDefaultTimeout(TEST_MS);
  afterAll(() => browser?.close());

  async function contextWith(options: PageOptions): Promise<BrowserContext> {
    try {
      if (browser !== undefined) return await browser.newContext(options);
    } catch {
      // It is gone.
    }
    if (BROWSER === null) throw new Error("no browser is installed: use test.skipIf(BROWSER === null)");
    // In a container Chromium's own sandbox has no rights to be set up.
    browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"], timeout: TEST_MS });
    return browser.newContext(options);
  }

  return async (url, options = {}) => {
    // A page of a context of its own: axe opens another one beside it.
    const context = await contextWith(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (fault) => faults.push(String(fault)));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    const origins = new Set<string>();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    await page.goto(url);
    return { context, page, faults, origins, [Symbol.asyncDispose]: () => context.close() };
  };
}
