/** Who may open the console, and how. */
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { ADMIN, ALICE } from "../support/people.ts";
import { KEY, startServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();
/** Closed, as `serve` is: nobody is signed in for being on this machine. */
const CLOSED = { defaults: "serve" } as const;

const overview = (page: Page) => page.getByRole("heading", { level: 1, name: "Overview" });

async function signIn(page: Page, proof: string): Promise<void> {
  await page.getByLabel("Admin token or service key").fill(proof);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an admin's token opens the console, and is kept in the tab only", async () => {
  await using server = await startServer({}, CLOSED);
  await using tab = await consoles.open(server);
  await signIn(tab.page, server.token(ADMIN));
  await overview(tab.page).waitFor();
  await tab.page.getByText("Signed in as root").waitFor();
  const kept = await tab.page.evaluate(() => [
    Object.keys(sessionStorage),
    Object.keys(localStorage),
    document.cookie,
  ]);
  expect(kept).toEqual([["dragoman-console"], [], ""]);
  await tab.page.reload();
  await overview(tab.page).waitFor();
});

test("a service key opens it too", async () => {
  await using server = await startServer({}, CLOSED);
  await using tab = await consoles.open(server);
  await signIn(tab.page, `Bearer ${KEY}`);
  await overview(tab.page).waitFor();
  await tab.page.getByText("Signed in as service key").waitFor();
});

test("a wrong token, and a user's own, are told why they do not do", async () => {
  await using server = await startServer({}, CLOSED);
  await using tab = await consoles.open(server);
  await signIn(tab.page, "");
  await tab.page.getByText("Paste a token or a service key.").waitFor();
  await signIn(tab.page, "a.b.c");
  await tab.page.getByText("The token's header cannot be read. Send the token unaltered.").waitFor();
  await signIn(tab.page, server.token(ALICE));
  await tab.page.getByText("Only admins and service keys may do this.").waitFor();
  expect(await tab.page.getByLabel("Admin token or service key").getAttribute("aria-invalid")).toBe("true");
});

test("the one-time link signs in, once, and leaves the address at once", async () => {
  await using server = await startServer({}, CLOSED);
  const hash = `#/setup/${server.assembly.setupCode()}`;
  await using tab = await consoles.open(server, { hash });
  await overview(tab.page).waitFor();
  expect(new URL(tab.page.url()).hash).toBe("#/overview");
  const asked = await tab.page.evaluate(
    () => performance.getEntriesByName(`${origin}/api/v1/admin/setup`).length,
  );
  expect(asked).toBe(1);
  await using again = await consoles.open(server, { hash });
  await again.page
    .getByText(/dragoman token admin --admin/)
    .first()
    .waitFor();
  await again.page.getByText(/Restart the server/).waitFor();
  expect(new URL(again.page.url()).hash).toBe("#/overview");
});

test("on the machine of dev nothing is asked, until one signs out", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server);
  await overview(tab.page).waitFor();
  await tab.page.getByRole("button", { name: "Sign out" }).click();
  await tab.page.getByLabel("Admin token or service key").waitFor();
  expect(await tab.page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(tab.faults).toEqual([]);
});

test("a sign-in that expires comes back to the sign-in, which says so", async () => {
  await using server = await startServer({}, CLOSED);
  await using tab = await consoles.open(server);
  await signIn(tab.page, server.token({ ...ADMIN, ttlSeconds: 3 }));
  await overview(tab.page).waitFor();
  await tab.page.getByText("The sign-in of root has expired. Sign in again.").waitFor();
});
