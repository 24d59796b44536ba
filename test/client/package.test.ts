/** The package as it is published: what a project without Bun gets by `import "dragoman/client"`. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { VERSION } from "../../src/client/client.ts";
import { version } from "../../package.json";

const ROOT = resolve(import.meta.dir, "../..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

let folder: string;
/** Where the consumer has it. */
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dragoman-package-"));
  await shown([process.execPath, "pm", "pack", "--quiet", "--destination", folder], ROOT);
  const [tarball = ""] = [...new Bun.Glob("*.tgz").scanSync(folder)];
  await shown(["tar", "-xzf", tarball], folder);
  installed = join(folder, "node_modules/dragoman");
  await mkdir(join(folder, "node_modules"));
  await rename(join(folder, "package"), installed);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a command prints; throws with all of it where it fails. */
async function shown(command: readonly string[], cwd: string): Promise<string> {
  const child = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${out}${err}`);
  return out;
}

const CONSUMER = `
import { createClient, type DragomanEvent, DragomanError, VERSION } from "dragoman/client";

const client = createClient({ url: "http://127.0.0.1:1", token: async () => "t", transports: ["poll"] });
const room = client.subscribe("channel:1", { kinds: ["message.created", "task.completed"] });
room.on("event", (event) => {
  if (event.kind === "message.created") event.data.content satisfies string;
  else event.data.task_id satisfies number | string;
  // @ts-expect-error of these two kinds none is about a workspace
  if (event.kind === "workspace.created") return;
});
client.on("event", (event: DragomanEvent) => void event.topic);
// @ts-expect-error a room is named by a text
void client.publish(1, "Hello").catch((fault: unknown) => fault instanceof DragomanError);
room.ready.catch(() => {});
client.close();
console.log(VERSION);
`;

test("its version is the server's", () => {
  expect(VERSION).toBe(version);
});

test("publint finds nothing wrong with it", async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("it has JavaScript and types, and names no file that is not there", async () => {
  const types = [...new Bun.Glob("dist/client/**/*.d.ts").scanSync(installed)];
  expect(types).toContain("dist/client/client.d.ts");
  const text = await Bun.file(join(installed, "dist/client/client.js")).text();
  expect(text).not.toMatch(/^\s*import\s|\brequire\(|\bprocess\.|\bBun\./m);
  expect(await Bun.file(join(installed, "dist/dragoman")).exists()).toBe(false);
});

for (const [name, options] of [
  ["a project for Node", { module: "NodeNext", moduleResolution: "NodeNext", types: ["node"] }],
  ["a project with a bundler", { module: "ESNext", moduleResolution: "bundler", types: [] }],
] as const) {
  test(`${name} compiles against its types with a plain tsc`, async () => {
    const project = join(folder, name.replaceAll(" ", "-"));
    const compilerOptions = {
      ...options,
      target: "ES2022",
      lib: ["ES2022", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      typeRoots: [join(ROOT, "node_modules/@types")],
    };
    await Bun.write(join(project, "main.ts"), CONSUMER);
    await Bun.write(join(project, "package.json"), '{"type":"module"}');
    await Bun.write(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
    await symlink(join(folder, "node_modules"), join(project, "node_modules"));
    expect(await shown([process.execPath, TSC, "-p", project], project)).toBe("");
  }, 120_000);
}

test.skipIf(Bun.which("node") === null)("Node loads it by its name", async () => {
  const program = 'import { VERSION } from "dragoman/client"; console.log(VERSION);';
  expect(await shown(["node", "--input-type=module", "-e", program], folder)).toBe(`${version}\n`);
});
