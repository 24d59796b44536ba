import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dragoman, shell, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

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

/** A real zsh, at a terminal of its own: the line is typed, Tab is pressed, and the pattern must come up. */
const ZSH = `
zmodload zsh/zpty
export TERM=dumb
zpty z zsh -f -i
zpty -w z "stty cols 200; fpath=($PWD \\$fpath); autoload -Uz compinit; compinit -D -u; echo RE''ADY"
zpty -r z ready '*READY*'
zpty -n -w z "$1"$'\\t'
zpty -r z offered "*$~2*"
zpty -d z
`;

test.each([
  ["dragoman key ", "create*list*revoke"],
  ["dragoman notify x y --level ", "error*info*success*warning"],
  ["dragoman room members ", "add*remove"],
])("zsh completes %s", async (line, pattern) => {
  if (Bun.which("zsh") === null) return;
  using folder = tempFolder();
  writeFileSync(join(folder.path, "_dragoman"), await scriptFor("zsh"));
  writeFileSync(join(folder.path, "type.zsh"), ZSH);
  const { code } = await shell('exec timeout 15 zsh -f type.zsh "$@"', {
    cwd: folder.path,
    args: [line, pattern],
    env: { HOME: folder.path },
  });
  expect(code).toBe(0);
});

test("another shell is told which ones there are", async () => {
  expect(await dragoman(["completion", "bsh"])).toEqual({
    code: 2,
    stdout: "",
    stderr: 'error  shell  "bsh" is not known here\nfix    did you mean bash? one of: bash, zsh, fish\n',
  });
});
