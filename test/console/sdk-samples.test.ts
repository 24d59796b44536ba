/** Every program in the SDK's guide runs, against a server as `dragoman dev` starts it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seedDemo } from "../../src/app/demo.ts";
import { createClient } from "../../src/client/client.ts";
import { type StartedServer, startServer } from "../support/server.ts";
import { GUIDES, ROOT, samplesOf, textOfFile } from "./samples.ts";

/** As the guide has it. */
const KEY = "only-for-trying-it-out";
const END = "the end of the listing";

const path = `${GUIDES}/sdk.md`;
const programs = samplesOf(path, await textOfFile(path)).filter(({ language }) => language === "ts");

let folder: string;
let server: StartedServer;
/** What the listings call `/my-backend`. */
let backend: { readonly url: URL; stop(): unknown };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dragoman-sdk-samples-"));
  server = await startServer({ apiKeys: [KEY] });
  await seedDemo(server.assembly.hub);
  backend = Bun.serve({ port: 0, fetch: () => new Response(tokenOf(101, "alice")) });
  await Bun.write(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { paths: { "dragoman/client": [join(ROOT, "src/client/client.ts")] } },
    }),
  );
  // Bun has none; the listing is for a page.
  await Bun.write(
    join(folder, "before.ts"),
    "globalThis.localStorage ??= { getItem: () => null, setItem() {} } as unknown as Storage;\n",
  );
  // Whoever comes into the room is spoken to.
  const bob = createClient({ url: server.url, token: tokenOf(102, "bob") });
  const room = bob.subscribe("channel:1", { kinds: ["user.joined"] });
  room.on("event", ({ data }) => {
    if (data.user_id === 101) void bob.publish("channel:1", "Hello");
  });
  await room.ready;
});
afterAll(async () => {
  await backend.stop();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const tokenOf = (id: number, username: string): string => server.token({ id, username, ttlSeconds: 600 });

/** As a reader would fill it in. */
const filledIn = (text: string): string =>
  text
    .replaceAll(/http:\/\/localhost:8000|https:\/\/rt\.example\.com/g, server.url)
    .replaceAll("eyJ…", tokenOf(101, "alice"))
    .replaceAll('"/my-backend', `"${backend.url.origin}`);

/** Until it says something or ends: some listen for ever. */
async function firstWords(name: string, text: string): Promise<string> {
  const file = join(folder, `${name}.ts`);
  await Bun.write(file, `import "./before.ts";\n${filledIn(text)}\nconsole.log(${JSON.stringify(END)});\n`);
  const child = Bun.spawn([process.execPath, file], {
    env: { PATH: process.env["PATH"] ?? "", NODE_PATH: join(ROOT, "node_modules"), NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const { value } = await child.stdout.getReader().read();
  child.kill();
  const fault = value === undefined ? await new Response(child.stderr).text() : "";
  await child.exited;
  return fault || new TextDecoder().decode(value);
}

/** What the listings say first, in their order. */
const SAID: readonly RegExp[] = [
  /^bob: Hello/,
  new RegExp(`^${END}`),
  /^stored as \d+/,
  new RegExp(`^${END}`),
  new RegExp(`^${END}|^\\d+ (message|task)\\.`),
  /^\d+ users are connected/,
  /^(alice|bob): Hello|room/,
];

describe("the guide's programs", () => {
  test("are as many as are tried here", () => expect(programs).toHaveLength(SAID.length));
  for (const [place, { at, text }] of programs.entries())
    test(at, async () => {
      expect(await firstWords(`listing-${place}`, text)).toMatch(SAID[place] as RegExp);
    });
});
