import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dragoman, shell, tempFolder } from "./program.ts";

async function scriptFor(name: string): Promise<string> {
  const { code, stdout, stderr } = await dragoman(["completion", name]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** What bash offers behind these words, the last one begun. */
async function offered(script: string, words: readonly string[]): Promise<string[]> {
  using folder = tempFolder();
  writeFileSync(join(folder.path, "dragoman.bash"), script);
  writeFileSync(join(folder.path, "copy.db"), "");
  const line = `source ./dragoman.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dragoman; printf '%s\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await shell(line, { cwd: folder.path, args: ["dragoman", ...words] });
  return stdout.split("\n").filter((word) => word !== "");
}

test("bash completes commands, subcommands, options, their values and files", async () => {
  const script = await scriptFor("bash");
  expect(await offered(script, ["ta"])).toEqual(["tail"]);
  expect(await offered(script, ["key", ""])).toEqual(["create", "list", "revoke"]);
  expect(await offered(script, ["room", "members", ""])).toEqual(["add", "remove"]);
  expect(await offered(script, ["notify", "user:101", "Hi", "--le"])).toEqual(["--level"]);
  expect(await offered(script, ["notify", "--level", ""])).toEqual(["info", "success", "warning", "error"]);
  expect(await offered(script, ["serve", "--access", ""])).toEqual(["members", "open"]);
  expect(await offered(script, ["restore", "co"])).toEqual(["copy.db"]);
  expect(await offered(script, ["help", "heal"])).toEqual(["healthcheck"]);
  expect(await offered(script, ["completion", ""])).toEqual(["bash", "zsh", "fish"]);
  // Nobody knows the rooms.
  expect(await offered(script, ["tail", ""])).toEqual([]);
});

test.each(["bash", "zsh", "fish"])("the script for %s is sound", async (name) => {
  const script = await scriptFor(name);
  if (Bun.which(name) === null) return;
  using folder = tempFolder();
  writeFileSync(join(folder.path, "script"), script);
  expect(await shell(`${name} -n script`, { cwd: folder.path })).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("fish completes the same", async () => {
  if (Bun.which("fish") === null) return;
  const script = await scriptFor("fish");
  using folder = tempFolder();
  writeFileSync(join(folder.path, "dragoman.fish"), script);
  const { stdout } = await shell(`fish -c 'source dragoman.fish; complete -C "dragoman notify x --level "'`, {
    cwd: folder.path,
    env: { HOME: folder.path },
  });
  expect(stdout.match(/^\w+/gm)).toEqual(["error", "info", "success", "warning"]);
});

test("another shell is told which ones there are", async () => {
  expect(await dragoman(["completion", "bsh"])).toEqual({
    code: 2,
    stdout: "",
    stderr: 'error  shell  "bsh" is not known here\nfix    did you mean bash? one of: bash, zsh, fish\n',
  });
});
