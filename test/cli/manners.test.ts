/** What holds for every command: help that fits a terminal, and `--json` that is nothing but JSON. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { dragoman, type Program, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

setDefaultTimeout(TEST_MS);

const CLI = join(import.meta.dir, "../../src/cli");
const WIDTH = 80;

/** Prints a script for a shell, and nothing for people. */
const FOR_SHELLS = ["completion"];

/** Commands that go on until they are stopped; what they say as JSON is in their own tests. */
const LASTING = ["record"];

interface Leaf {
  readonly path: string;
  readonly command: Command;
}

/** Every command that does something by itself. */
async function leaves(): Promise<readonly Leaf[]> {
  const names = readdirSync(CLI).filter((name) => name.endsWith(".ts") && name !== "program.ts");
  const all = await Promise.all(
    names.map(async (file) => {
      const command = new Command(file.replace(/\.ts$/, ""));
      const module = (await import(join(CLI, file))) as { define: (command: Command) => void };
      module.define(command);
      return leavesOf(command, command.name());
    }),
  );
  return all.flat();
}

function leavesOf(command: Command, path: string): readonly Leaf[] {
  const below = command.commands.flatMap((inner) => leavesOf(inner, `${path} ${inner.name()}`));
  // Commander keeps it to itself whether a command has an action.
  const acts = (command as unknown as { _actionHandler: unknown })._actionHandler !== null;
  return acts ? [{ path, command }, ...below] : below;
}

test("every command has --json", async () => {
  const all = await leaves();
  expect(all.length).toBeGreaterThan(35);
  const without = all
    .filter(({ command }) => !command.options.some(({ long }) => long === "--json"))
    .map(({ path }) => path);
  expect(without).toEqual(FOR_SHELLS);
});

test("the help of every command fits a terminal of 80 columns", async () => {
  const paths = (await leaves()).map(({ path }) => path.split(" "));
  const wide: string[] = [];
  const helps = paths.map(async (path) => {
    const { stdout } = await dragoman([...path, "--help"]);
    const [text = ""] = stdout.split("\nExamples:\n");
    // Commands to paste are one line each, however long.
    const lines = text.split("\n").filter((line) => !/^ {2}\w+ +dragoman /.test(line));
    wide.push(...lines.filter((line) => line.length > WIDTH).map((line) => `${path.join(" ")}: ${line}`));
    expect(stdout, path.join(" ")).not.toContain("undefined");
  });
  await Promise.all(helps);
  expect(wide).toEqual([]);
});

/** What is asked of each; those that are not here are run with no arguments. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  tail: ["--no-follow"],
  send: ["channel:1", "Hello"],
  notify: ["user:101", "Hello"],
  "room create": ["channel:9", "--workspace", "789"],
  "room members add": ["channel:9", "103"],
  "room members remove": ["channel:9", "103"],
  "room history": ["channel:1"],
  "room presence": ["channel:1"],
  "workspace create": ["Launch", "--id", "790", "--as", "alice"],
  "workspace show": ["790"],
  "workspace rename": ["790", "Landing"],
  "workspace members add": ["790", "102"],
  "workspace members list": ["790"],
  "workspace members remove": ["790", "102"],
  "workspace archive": ["790"],
  inbox: ["101"],
  "inbox read": ["--all", "--as", "alice"],
  "inbox clear": ["--all", "--as", "alice"],
  "user show": ["101"],
  "user disconnect": ["102"],
  token: ["alice"],
  "key create": ["backend"],
  "key revoke": ["backend"],
  backup: ["copy.db"],
  conform: ["--dialect", "chat", "--only", "ping"],
};

/** In this order, for some need what others have made. */
const FIRST = ["room create", "room members add", "workspace create", "workspace members add", "key create"];
/** Each makes another one fail: archived, revoked, gone. */
const LAST = ["workspace archive", "key revoke", "user disconnect"];
/** Of a server, of a stopped one, or of a file that is not here. */
const ELSEWHERE = ["dev", "serve", "restore", "replay", "doctor", "bench"];

const folder = tempFolder();
let server: Program;
let env: Record<string, string>;
beforeAll(async () => {
  server = start(["dev", "--port", "0", "--data-dir", "dragoman_data", "--json"], { cwd: folder.path });
  const url = await server.listening();
  env = { DRAGOMAN_URL: url, PORT: new URL(url).port };
  await server.stdout.match(/\n/);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

test("dev and serve say where they listen", async () => {
  expect(JSON.parse(server.stdout.text)).toMatchObject({
    url: env["DRAGOMAN_URL"],
    console: expect.stringContaining("/console/"),
    users: [{ id: "101", username: "alice", token: expect.stringMatching(/^eyJ/) }, { username: "bob" }],
    sockets: expect.arrayContaining([expect.objectContaining({ dialect: "chat" })]),
  });
  using own = tempFolder();
  await using serving = start(["serve", "--port", "0", "--json"], { cwd: own.path });
  await serving.stdout.match(/\n/);
  expect(JSON.parse(serving.stdout.text)).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    data_dir: expect.stringContaining("dragoman_data"),
    key_file: expect.stringContaining("jwt.key"),
  });
});

test("with --json every command answers with JSON and nothing else", async () => {
  const left = [...FOR_SHELLS, ...LASTING, ...ELSEWHERE];
  const paths = (await leaves()).map(({ path }) => path).filter((path) => !left.includes(path));
  const middle = paths.filter((path) => !FIRST.includes(path) && !LAST.includes(path));
  for (const path of FIRST) await answersJson(path);
  const half = Math.ceil(middle.length / 2);
  const lanes = [middle.slice(0, half), middle.slice(half)];
  const run = async (lane: readonly string[]): Promise<void> => {
    for (const path of lane) await answersJson(path);
  };
  await Promise.all(lanes.map(run));
  for (const path of LAST) await answersJson(path);
});

async function answersJson(path: string): Promise<void> {
  const args = [...path.split(" "), ...(ASKED[path] ?? []), "--json"];
  const { code, stdout, stderr } = await dragoman(args, { cwd: folder.path, env });
  expect({ path, code, stderr }).toEqual({ path, code: 0, stderr: "" });
  // A document, or one a line; nothing where there is nothing to tell.
  const lines = stdout.split("\n").filter((line) => line !== "");
  expect(isJson(stdout) || lines.every((line) => isJson(line)), `${path}: ${stdout}`).toBe(true);
}

test("errors are JSON too", async () => {
  const { code, stdout, stderr } = await dragoman(["user", "show", "nobody", "--json"], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(JSON.parse(stderr)).toEqual({
    error: { what: expect.any(String), where: expect.any(String), fix: expect.any(String) },
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
