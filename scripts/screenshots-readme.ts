#!/usr/bin/env bun
/**
 * The pictures of README.md: the terminal, the console, the architecture, each for light and for dark.
 *
 * Usage: bun scripts/screenshots-readme.ts [console | terminal | architecture]     all of them by default
 */
import { type Browser, chromium } from "playwright-core";
import { createTestServer, type TestServer } from "../src/app/dragoman.ts";
import { BROWSER } from "../test/support/browser.ts";
import { ROOT } from "./run.ts";
import { architecture } from "./screenshots-architecture.ts";
import { fillServer, STAGE, storeFolder } from "./screenshots-story.ts";
import { playSession, terminal } from "./screenshots-terminal.ts";

const FOLDER = `${ROOT}/src/console/docs/pictures`;
const SCHEMES = ["light", "dark"] as const;
const VIEW = { width: 1280, height: 800 };
/** Sharp on fine screens, small on the wire. */
const SCALE = 1.5;
const QUALITY = 0.82;
const MAX_BYTES = 150_000;

const [only] = process.argv.slice(2);
const wanted = (name: string): boolean => only === undefined || only === name;

if (wanted("architecture"))
  for (const scheme of ["either", ...SCHEMES] as const)
    await keep(`architecture${scheme === "either" ? "" : `-${scheme}`}.svg`, architecture(scheme));
if (wanted("terminal")) {
  const session = await playSession();
  for (const scheme of SCHEMES) await keep(`terminal-${scheme}.svg`, terminal(session, scheme));
}
if (wanted("console")) await shootConsole();

async function shootConsole(): Promise<void> {
  if (BROWSER === null) {
    console.error(
      "error  no chromium is installed\nfix    install it, for example: apt-get install chromium",
    );
    process.exit(1);
  }
  using store = storeFolder();
  await using server = await createTestServer({ settings: { ...STAGE, dataDir: store.path } });
  const story = await fillServer(server);
  const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
  for (const scheme of SCHEMES) await keep(`console-${scheme}.webp`, await overview(browser, server, scheme));
  await browser.close();
  await story.end();
}

async function overview(
  browser: Browser,
  { url, assembly }: TestServer,
  colorScheme: (typeof SCHEMES)[number],
): Promise<Uint8Array> {
  const context = await browser.newContext({ colorScheme, viewport: VIEW, deviceScaleFactor: SCALE });
  const page = await context.newPage();
  await page.goto(`${url}/console/#/setup/${assembly.setupCode()}`);
  await page.getByText("1 min", { exact: true }).click();
  await page
    .getByRole("img", { name: /last minute/ })
    .first()
    .waitFor();
  const png = await page.screenshot();
  // The browser itself writes WebP; no other program is needed.
  const blank = await context.newPage();
  const data = await blank.evaluate(
    async ([source, quality]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", quality);
    },
    [`data:image/png;base64,${png.toString("base64")}`, QUALITY] as const,
  );
  await context.close();
  return Uint8Array.fromBase64(data.slice(data.indexOf(",") + 1));
}

async function keep(name: string, content: string | Uint8Array): Promise<void> {
  const size = await Bun.write(`${FOLDER}/${name}`, content);
  console.log(`${FOLDER}/${name}  ${Math.ceil(size / 1000)} kB`);
  if (size > MAX_BYTES) throw new Error(`${name} is larger than ${MAX_BYTES / 1000} kB`);
}
