/** Everything by keys, and the focus where it belongs. */
import { expect } from "bun:test";
import { ALICE, BOB, chatIn, notifierIn } from "../support/people.ts";
import { startServer } from "../support/server.ts";
import { test, useConsoles } from "./browser.ts";

const consoles = useConsoles();

test("g and a letter go to a view, / to its filter, j and k along its rows, Enter opens, Esc closes", async () => {
  await using server = await startServer();
  await chatIn(server, ALICE);
  await notifierIn(server, BOB);
  await using tab = await consoles.open(server);
  const { page } = tab;
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();

  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.getByRole("heading", { level: 1, name: "Connections" }).waitFor();
  expect(await focused()).toBe("Connections");
  await page.locator("main tbody tr[data-opens]").nth(1).waitFor();

  // Newest first: Bob came last.
  await page.keyboard.press("j");
  expect(await focused()).toBe("bob 67890");
  await page.keyboard.press("j");
  expect(await focused()).toBe("alice 12345");
  await page.keyboard.press("k");
  expect(await focused()).toBe("bob 67890");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "bob · notifier" }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("dialog", { name: "alice · chat" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.keyboard.press("/");
  await page.keyboard.type("ali");
  expect(await page.getByRole("searchbox").inputValue()).toBe("ali");
  await page.keyboard.press("Escape");
  expect(await page.getByRole("searchbox").inputValue()).toBe("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  expect(tab.faults).toEqual([]);
});

test("? shows the shortcuts in a dialog that keeps the focus and gives it back", async () => {
  await using server = await startServer();
  await using tab = await consoles.open(server, { hash: "#/keys" });
  const { page } = tab;
  const opener = page.getByRole("button", { name: "New key" });
  await opener.focus();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.getByText("To the filter").waitFor();
  for (let press = 0; press < 5; press++) {
    await page.keyboard.press("Tab");
    const inside = await dialog.evaluate(
      (element) => element.contains(document.activeElement) || document.activeElement === document.body,
    );
    expect(inside).toBe(true);
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
});

test("a dialog over a drawer closes alone, and letters in a field are letters", async () => {
  await using server = await startServer();
  await chatIn(server, ALICE);
  await using tab = await consoles.open(server, { hash: "#/connections" });
  const { page } = tab;
  await page.getByRole("link", { name: "alice" }).click();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog", { name: "Disconnect this socket?" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Disconnect this socket?" }).waitFor({ state: "detached" });
  await page.getByRole("dialog", { name: "alice · chat" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill("");
  await page.keyboard.type("gojk?");
  expect(await page.getByRole("searchbox").inputValue()).toBe("gojk?");
});
