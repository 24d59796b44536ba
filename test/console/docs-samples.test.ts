/** Every command and every piece of code in the README and the guides works. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { seedDemo } from "../../src/app/demo.ts";
import { tempFolder } from "../cli/program.ts";
import { type StartedServer, startServer } from "../support/server.ts";
import {
  type Command,
  commandsOf,
  FILES,
  ROOT,
  type Sample,
  samplesOf,
  textOfFile,
  wordsOf,
} from "./samples.ts";
import { faultsOf } from "./compiled-samples.ts";
import { converse } from "./socket-samples.ts";

/** As the guides have it. */
const KEY = "only-for-trying-it-out";
const SECRET = "the-secret-of-the-server-of-these-samples";

const samples = (
  await Promise.all(FILES.map(async (path) => samplesOf(path, await textOfFile(path))))
).flat();
const inLanguage = (language: string): readonly Sample[] =>
  samples.filter((sample) => sample.language === language);

/** The demo of `dragoman dev`, with somebody there to be told. */
async function demo(): Promise<StartedServer> {
  const server = await startServer({ apiKeys: [KEY], jwtSecret: SECRET });
  await seedDemo(server.assembly.hub);
  const somebody = new WebSocket(
    `${server.wsUrl}/api/v1/stream?token=${server.token({ id: 103, username: "carol", ttlSeconds: 600 })}`,
  );
  await new Promise((opened) => somebody.addEventListener("open", opened));
  return server;
}

test("JSON is JSON", () => {
  const faults = inLanguage("json").flatMap(({ at, text }) => {
    try {
      JSON.parse(text);
      return [];
    } catch (fault) {
      return [`${at}: ${String(fault)}`];
    }
  });
  expect(faults).toEqual([]);
  expect(inLanguage("json").length).toBeGreaterThan(20);
});

test("TypeScript compiles under the project's own rules", () => {
  const programs = inLanguage("ts");
  expect(faultsOf(programs.map(({ at, text }) => ({ name: at, text })))).toEqual([]);
  expect(programs.length).toBeGreaterThan(2);
  expect(faultsOf([{ name: "wrong", text: 'import { nothing } from "dragoman/client";' }])).toMatchObject([
    expect.stringContaining("has no exported member 'nothing'"),
  ]);
}, 120_000);

describe.skipIf(Bun.which("curl") === null)(
  "commands do what they say, on the server that dev starts",
  () => {
    for (const path of FILES) {
      const commands = inLanguage("sh")
        .filter(({ at, runs }) => runs && at.startsWith(`${path}:`))
        .flatMap(commandsOf);
      if (commands.length === 0) continue;
      test(
        path,
        async () => {
          await using server = await demo();
          using folder = tempFolder();
          for (const command of commands)
            expect([command.at, command.line, await run(command, server, folder.path)]).toEqual([
              command.at,
              command.line,
              "ok",
            ]);
        },
        120_000,
      );
    }
  },
);

/** What went wrong, or ok. */
async function run(command: Command, server: StartedServer, folder: string): Promise<string> {
  const [program] = wordsOf(command.line);
  const env = {
    TOKEN: server.token({ id: 101, username: "alice", ttlSeconds: 600 }),
    KEY,
    DRAGOMAN_URL: server.url,
    JWT_SECRET: SECRET,
  };
  const line = command.line
    .replaceAll(/https?:\/\/(localhost|127\.0\.0\.1):8000/g, server.url)
    .replaceAll("ws://localhost:8000", server.wsUrl);
  if (program === "wscat") return converse(line, command.typed, env.TOKEN);
  if (program === undefined || !["curl", "dragoman", "df"].includes(program))
    return `nobody knows how to run ${program}: mark the listing as sh no-run`;
  return line.includes("curl -N ") ? began(line, env) : shell(line, env, folder);
}

/** A stream never ends: it is good once it began. */
async function began(line: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = Bun.spawn(["sh", "-c", line.replace("curl -N", "exec curl -sS -i -N")], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdout: "pipe",
  });
  const { value } = await child.stdout.getReader().read();
  child.kill();
  await child.exited;
  const told = new TextDecoder().decode(value);
  return /^HTTP\/1.1 200 .*text\/event-stream/s.test(told) ? "ok" : told;
}

/** Good answers only; `dragoman` is the program from source. What is told goes through a file, see test/cli/program.ts. */
const PROGRAMS = `
curl() { command curl -sS --fail-with-body "$@"; }
dragoman() { "$BUN" "$MAIN" "$@"; }
`;

async function shell(line: string, env: Readonly<Record<string, string>>, folder: string): Promise<string> {
  const told = Bun.file(join(folder, "told.txt"));
  const child = Bun.spawn(["sh", "-c", `${PROGRAMS}{ ${line}\n} >told.txt 2>&1`], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      NO_COLOR: "1",
      BUN: process.execPath,
      MAIN: join(ROOT, "src/main.ts"),
      ...env,
    },
    stdin: "ignore",
  });
  const code = await child.exited;
  return code === 0 ? "ok" : `exit ${code}: ${await told.text()}`;
}
