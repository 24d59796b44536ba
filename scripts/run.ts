/** What the scripts share: where the project is, and how a command of it is run. */
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dir, "..");

/** The Bun that runs this script, which need not be on PATH. */
export const BUN = process.execPath;

/** A tool of node_modules, run by Bun, so that nothing else has to be installed. */
export const tool = (name: string): readonly string[] => [BUN, "--bun", `node_modules/.bin/${name}`];

export const INSTALL: readonly string[] = [BUN, "install", "--frozen-lockfile", "--no-summary"];

export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a command quietly and returns what it printed. */
export async function run(command: readonly string[]): Promise<Outcome> {
  const child = Bun.spawn([...command], { cwd: ROOT, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { ok: code === 0, output: out + err };
}

/** Runs a command quietly; when it fails, shows what it printed and ends the script. */
export async function need(command: readonly string[]): Promise<void> {
  const { ok, output } = await run(command);
  if (ok) return;
  console.error(output.trimEnd());
  process.exit(1);
}

/** Runs a command in the open and returns its exit code. */
export const show = (command: readonly string[]): Promise<number> =>
  Bun.spawn([...command], { cwd: ROOT, stdio: ["inherit", "inherit", "inherit"] }).exited;
