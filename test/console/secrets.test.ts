/** What is shown once. */
import { expect } from "bun:test";
import { startServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

test("a key is made, shown once, works, and is revoked", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server, { hash: "#/keys" });
  const { page } = tab;
  await page.getByRole("button", { name: "New key" }).click();
  const form = page.getByRole("dialog", { name: "New service key" });
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByText("Name it after the backend that will use it.").waitFor();
  await form.getByLabel("Name").fill("billing");
  await form.getByRole("button", { name: "Create" }).click();
  const made = page.getByRole("dialog", { name: "Key “billing”" });
  const key = (await made.locator(".code code").first().textContent()) ?? "";
  expect(key).toStartWith("dgk_");
  const asks = () =>
    fetch(`${server.url}/api/v1/presence/users`, { headers: { authorization: `Bearer ${key}` } });
  expect((await asks()).status).toBe(200);
  await made.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row", { name: /billing/ }).waitFor();
  expect(await page.content()).not.toContain(key);

  await page.getByRole("button", { name: "Revoke billing" }).click();
  await page
    .getByRole("dialog", { name: "Revoke “billing”?" })
    .getByRole("button", { name: "Revoke" })
    .click();
  await page.getByRole("row", { name: /billing revoked/ }).waitFor();
  expect((await asks()).status).toBe(401);
  expect(tab.faults).toEqual([]);
});

test("a token is made, shown once, and opens what it says", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server, { hash: "#/tokens" });
  const { page } = tab;
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.getByText("Whose token? Give the id that your backend knows.").waitFor();
  await page.getByLabel("User id").fill("101");
  await page.getByLabel("Name (optional)").fill("alice");
  await page.getByLabel("Rooms (optional)").fill("channel:1, channel:2");
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.getByText("This token is shown once.").waitFor();
  const token = (await page.locator(".code code").first().textContent()) ?? "";
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
  expect(claims).toMatchObject({ sub: "101", username: "alice", rooms: ["channel:1", "channel:2"] });
  await page.getByRole("button", { name: "Make another" }).click();
  expect(await page.content()).not.toContain(token);
});

test("where only a public key is known, no token can be made, and it is said why", async () => {
  const { publicKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const der = Buffer.from(await crypto.subtle.exportKey("spki", publicKey)).toString("base64");
  const pem = `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
  await using server = await startServer({ jwtPublicKey: pem });
  await using tab = await consoles.open(server, { hash: "#/tokens" });
  const { page } = tab;
  await page.getByLabel("Admin token or service key").fill("a-service-key-of-these-tests");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("User id").fill("101");
  await page.getByRole("button", { name: "Make a token" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: /public key/i })
    .waitFor();
});
