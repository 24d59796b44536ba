/** The console in a real browser: one browser for a file, a fresh context for each test. */
import { afterAll, setDefaultTimeout, test as bunTest } from "bun:test";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { BROWSER } from "../support/browser.ts";
import type { StartedServer } from "../support/server.ts";

/** Skipped where no browser is installed. */
export const test = bunTest.skipIf(BROWSER === null);

export interface TabOptions {
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Where in the console to begin: `#/rooms`. */
  readonly hash?: string;
}

export interface Tab extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Exceptions, refused resources, messages of the kind `error`. */
  readonly faults: string[];
  /** Where anything was asked for. */
  readonly origins: ReadonlySet<string>;
}

export interface Consoles {
  /** `await using tab = await consoles.open(server)` */
  open(server: Pick<StartedServer, "url">, options?: TabOptions): Promise<Tab>;
}

/** For a browser that starts on a machine with other work; a wait that is in vain lasts as long. */
const TIMEOUT_MS = 30_000;

/**
 * Once a file. The browser is started by the first test that wants it, and ended with the file. A test
 * that ran out of time takes it along (the runner ends its processes): the next one gets a new one.
 */
export function useConsoles(): Consoles {
  let browser: Browser | undefined;
  setDefaultTimeout(TIMEOUT_MS);
  afterAll(() => browser?.close());

  async function contextWith(options: BrowserContextOptions): Promise<BrowserContext> {
    try {
      if (browser !== undefined) return await browser.newContext(options);
    } catch {
      // It is gone.
    }
    // In a container Chromium's own sandbox has no rights to be set up.
    browser = await chromium.launch({ executablePath: BROWSER ?? "", args: ["--no-sandbox"] });
    return browser.newContext(options);
  }

  return {
    async open({ url }, { hash = "", ...options } = {}) {
      const context = await contextWith({
        viewport: { width: 1280, height: 800 },
        reducedMotion: "reduce",
        ...options,
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (fault) => faults.push(String(fault)));
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
      });
      const origins = new Set<string>();
      page.on("request", (request) => origins.add(new URL(request.url()).origin));
      await page.goto(`${url}/console/${hash}`);
      return { context, page, faults, origins, [Symbol.asyncDispose]: () => context.close() };
    },
  };
}

/** Goes to another view as a link would, and waits for its heading. */
export async function go(page: Page, hash: string, heading: string | RegExp): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}
