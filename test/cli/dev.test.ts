import { readdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { claimsIn, dragoman, listen, type Program, start, tempFolder, textOf } from "./program.ts";

/** The page that `dev` prints, to its last line. */
async function pageOf(program: Program): Promise<string> {
  await program.stdout.match(/dragoman send .*\n/);
  return program.stdout.text;
}

const addressesIn = (page: string): string[] =>
  [...page.matchAll(/^ +wscat -c "(ws:\/\/.*)"$/gm)].map(([, url = ""]) => url);
const framesIn = (page: string): string[] =>
  [...page.matchAll(/^ +(\{.*\})$/gm)].map(([, frame = ""]) => frame);
const curlsIn = (page: string): string[] =>
  [...page.matchAll(/^ +(curl .*)$/gm)].map(([, line = ""]) => line);

const DIALECTS = ["onetask", "onetask-v1", "chat", "notifier", "native", "diary"];

async function paste(line: string): Promise<{ code: number; answer: string }> {
  const shell = Bun.spawn(["bash", "-c", line.replace("curl ", "curl -sS --noproxy '*' ")], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [answer, code] = await Promise.all([textOf(shell.stdout), shell.exited]);
  return { code, answer };
}

test("every line that dev prints works as it is: one event arrives in every dialect", async () => {
  using folder = tempFolder();
  await using server = start(["dev", "--port", "0"], { cwd: folder.path });
  const page = await pageOf(server);

  const addresses = addressesIn(page);
  expect([...page.matchAll(/^ {2}(\S+) · /gm)].map(([, name]) => name)).toEqual(DIALECTS);
  expect(addresses).toHaveLength(DIALECTS.length);
  const [onetask, onetaskV1, chat, notifier, native, diary] = await Promise.all(addresses.map(listen));
  if (!onetask || !onetaskV1 || !chat || !notifier || !native || !diary)
    throw new Error("a dialect is missing");

  const [join, send, joinProject, ...more] = framesIn(page);
  expect(more).toEqual([]);
  // As they stand on the page, blanks and all.
  chat.socket.send(`    ${join}`);
  await chat.hear("joined_room");
  chat.socket.send(`    ${send}`);
  expect(JSON.parse(await chat.hear('"type":"message"'))).toMatchObject({
    room: "channel:1",
    data: { content: "Hello", username: "bob" },
  });
  notifier.socket.send(`    ${joinProject}`);
  await notifier.hear("Joined room: project_789");

  const [task = "", announcement = "", ...others] = curlsIn(page);
  expect(others).toEqual([]);
  expect(await paste(task)).toEqual({
    code: 0,
    answer: '{"status":"notifications sent","recipient_count":2}',
  });
  const all = [onetask, onetaskV1, chat, notifier, native, diary];
  await Promise.all(all.map((listener) => listener.hear("Write the report")));
  expect(await paste(announcement)).toMatchObject({
    code: 0,
    answer: expect.stringContaining('"status":"success"'),
  });
  await Promise.all(all.map((listener) => listener.hear("Maintenance at noon")));
  expect(diary.heard).toEqual([
    `{"message":"Task 'Write the report' was updated."}`,
    '{"message":"Maintenance at noon"}',
  ]);

  expect(await server.end()).toBe(0);
  expect(readdirSync(folder.path)).toEqual([]);
});

test("the page names both demo users with whole tokens, fits a screen and is plain where it is piped", async () => {
  await using server = start(["dev", "--port", "0"], { env: { NO_COLOR: "" } });
  const page = await pageOf(server);
  const tokens = ["alice (101)", "bob   (102)"].map((user) => {
    const line = page.split("\n").find((text) => text.includes(user)) ?? "";
    return /eyJ\S+/.exec(line)?.[0] ?? "";
  });
  expect(tokens.map((token) => claimsIn(token)["sub"])).toEqual(["101", "102"]);
  expect(tokens.map((token) => claimsIn(token)["username"])).toEqual(["alice", "bob"]);
  expect(page.split("\n").length).toBeLessThanOrEqual(40);
  expect(page).not.toContain("\u001b");
  const url = await server.listening();
  expect(page).toContain(`\n    dragoman tail channel:1 --as alice --url ${url}\n`);
  expect(page).toContain(`\n    dragoman send channel:1 "Hello" --as bob --url ${url}\n`);
});

test("dev keeps what it has where a data folder is named, and takes its own demo for granted", async () => {
  using folder = tempFolder();
  const args = ["dev", "--port", "0", "--data-dir", "kept"];
  for (const round of [1, 2]) {
    await using server = start(args, { cwd: folder.path });
    expect(await pageOf(server), `round ${round}`).toContain("kept in ./kept");
    expect(await server.end()).toBe(0);
  }
});

test("what the settings turn off is not on the page", async () => {
  await using server = start(["dev", "--port", "0", "--diary", "off"]);
  const page = await pageOf(server);
  expect(addressesIn(page)).toHaveLength(DIALECTS.length - 1);
  expect(curlsIn(page)).toHaveLength(1);
});

test("dev warns where strangers can reach it", async () => {
  await using server = start(["dev", "--port", "0", "--host", "0.0.0.0"]);
  expect(await pageOf(server)).toContain("ws://127.0.0.1:");
  expect(server.stderr.text).toContain("everybody who can reach this machine can connect");
});

test("a port in use is told with its owner and another port", async () => {
  using taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("mine") });
  const { code, stdout, stderr } = await dragoman(["dev", "--port", String(taken.port)]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  const owner = process.platform === "linux" ? ` \\(pid ${process.pid}, ".*"\\)` : "";
  expect(stderr).toMatch(
    new RegExp(
      `^error {2}port ${taken.port} is in use${owner}\\nfix {4}stop it, or: dragoman dev --port \\d+ {6}\\(env PORT\\)\\n$`,
    ),
  );
});
