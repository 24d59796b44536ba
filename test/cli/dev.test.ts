import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import {
  claimsIn,
  dragoman,
  listen,
  type Program,
  shell,
  start,
  startShell,
  tempFolder,
  textOf,
} from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

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

/** Until so many sockets are there: some dialects do not greet. */
async function connections(url: string, count: number): Promise<void> {
  const look = async (): Promise<number> => {
    const { stdout } = await dragoman(["stats", "--json"], { env: { DRAGOMAN_URL: url } });
    return (JSON.parse(stdout) as { connections: number }).connections;
  };
  while ((await look()) < count) await Bun.sleep(5);
}

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

/** A pasted line, and somebody who types behind it: into a file, of which the line reads each new end. */
function pasted(line: string, file: string): { program: Program; type: (frame: string) => void } {
  writeFileSync(file, "");
  const program = startShell(`tail -f ${file} | ${line}`);
  return { program, type: (frame) => appendFileSync(file, `${frame}\n`) };
}

/** wscat is a program of Node. */
const HAS_NODE = Bun.which("node") !== null;

test.skipIf(!HAS_NODE)("the lines for wscat are pasted, and hear what the curl tells", async () => {
  using folder = tempFolder();
  await using server = start(["dev", "--port", "0"]);
  const page = await pageOf(server);
  await using stack = new AsyncDisposableStack();
  // A line, and the frames beneath it.
  const lines = [...page.matchAll(/^ +(wscat .*)\n((?: +\{.*\n)*)/gm)];
  expect(lines).toHaveLength(DIALECTS.length);
  const terminals = lines.map(([, line = "", frames = ""], at) => {
    const { program, type } = pasted(line, join(folder.path, `typed-${at}`));
    stack.use(program);
    return { program, type, frames: frames.split("\n").filter((frame) => frame !== "") };
  });
  await connections(await server.listening(), terminals.length);
  for (const { frames, type } of terminals) for (const frame of frames) type(frame);
  const [, , chat, notifier] = terminals;
  await chat?.program.stdout.match(/"content":"Hello"/);
  await notifier?.program.stdout.match(/Joined room: project_789/);
  const [task = ""] = curlsIn(page);
  expect((await paste(task)).code).toBe(0);
  await Promise.all(terminals.map(({ program }) => program.stdout.match(/Write the report/)));
});

test("without wscat the two lines of this program do: what one sends, the other shows", async () => {
  await using server = start(["dev", "--port", "0"]);
  const page = await pageOf(server);
  const [tail = "", send = "", ...more] = [...page.matchAll(/^ {4}(dragoman .*)$/gm)].map(
    ([, line = ""]) => line,
  );
  expect(more).toEqual([]);
  await using tailing = startShell(`exec ${tail}`);
  await tailing.stdout.match(/user\.joined/);
  expect(await shell(send)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^message \d+ in channel:1\n$/),
  });
  await tailing.stdout.match(/bob +Hello/);
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
