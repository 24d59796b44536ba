/** Source: DESIGN, platform facts: pages through Hono, with a policy, strong tags and assets for ever. */
import { expect, test } from "bun:test";
import { BROWSER, useBrowser } from "../support/browser.ts";
import { startServer } from "../support/server.ts";

const openPage = useBrowser();

const PAGES = ["/console/", "/docs", "/websocket_test.html"];

test("pages forbid whatever is not a file of this server, and are asked for again", async () => {
  await using server = await startServer();
  for (const path of PAGES) {
    const answer = await fetch(server.url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toStartWith("text/html");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    const etag = answer.headers.get("etag") ?? "";
    const again = await fetch(server.url + path, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  }
});

test("what a page loads is kept for ever, because its address changes with it", async () => {
  await using server = await startServer();
  const html = await (await fetch(`${server.url}/console/`)).text();
  const assets = [...html.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toContain("immutable");
  }
  expect((await fetch(`${server.url}/console/assets/none.js`)).status).toBe(404);
});

test("/ and /console lead to the console", async () => {
  await using server = await startServer();
  for (const path of ["/", "/console"]) {
    const answer = await fetch(server.url + path, { redirect: "manual" });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("/console/");
  }
});

test("the client is one file", async () => {
  await using server = await startServer();
  const answer = await fetch(`${server.url}/dragoman-client.js`);
  expect(answer.headers.get("content-type")).toStartWith("text/javascript");
  expect(await answer.text()).not.toContain("import ");
});

test.skipIf(BROWSER === null)("a browser opens every page without a fault", async () => {
  await using server = await startServer();
  for (const path of PAGES) {
    await using tab = await openPage(server.url + path);
    await tab.page.locator("main").waitFor();
    expect(tab.faults).toEqual([]);
  }
});
