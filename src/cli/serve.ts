import type { Command } from "commander";
import { appliedMigrations, KNOWN_MIGRATIONS } from "../app/offline.ts";
import { databaseIn } from "../app/data-folder.ts";
import { VERSION } from "../app/version.ts";
import { type Flags, repeated, withSettings } from "./lib/settings.ts";
import { addressesOf, pageRows, setupLink } from "./lib/banner.ts";
import { type Running, reachable, serve, signsTokens } from "./lib/running.ts";
import { type Paint, say, stdoutIsTerminal, stdoutPaint } from "./lib/terminal.ts";
import { examples } from "./lib/command.ts";
import { pasteable } from "./lib/program-name.ts";
import { shortPath } from "./lib/words.ts";

export function define(command: Command): void {
  withSettings(command.option("--json", "say where it listens as JSON"), "serve").action(run);
  examples(command, [
    ["dragoman serve", "in ./dragoman_data, on port 8000"],
    ["dragoman serve --data-dir /var/lib/dragoman --host 127.0.0.1", "behind a proxy on the same machine"],
    ["dragoman serve --config dragoman.toml", "with settings in a file; all of them: dragoman config"],
  ]);
}

async function run(flags: Flags): Promise<void> {
  let before: number | undefined;
  await serve({
    command: "serve",
    flags,
    opening({ dataDir }) {
      before = dataDir === undefined ? undefined : appliedMigrations(databaseIn(dataDir));
    },
    show(running) {
      const migrated =
        before === undefined || before >= KNOWN_MIGRATIONS ? null : `${before} → ${KNOWN_MIGRATIONS} applied`;
      if (flags["json"] === true) say(JSON.stringify({ ...addressesOf(running), ...openedBy(running) }));
      else if (running.pretty) say(banner(running, flags, migrated, stdoutPaint()));
      else if (migrated !== null) running.log.info("STORE_MIGRATED", `migrations ${migrated}`);
    },
  });
}

/** For programs; the one-time link is for people alone. */
const openedBy = ({ dragoman: { folder, secretFile } }: Running): object => ({
  data_dir: folder?.path ?? null,
  key_file: secretFile?.file ?? null,
});

/** For a person: what was opened, and what to do next. */
function banner(running: Running, flags: Flags, migrated: string | null, paint: Paint): string {
  const { dragoman } = running;
  const rows: (readonly [string, string])[] = [
    ["secret", secretText(running)],
    ...(migrated === null ? [] : [["migrate", migrated] as const]),
    ["listen", listenText(running)],
    ...pageRows(running),
    ["health", "/healthz · /readyz"],
  ];
  if (dragoman.folder !== null)
    rows.unshift([
      "data",
      `${shortPath(dragoman.folder.path)}${dragoman.folder.created ? " (created)" : ""}`,
    ]);
  const lines = rows.map(([name, text]) => `  ${paint("dim", name.padEnd(9))}${text}`);
  const title = `${paint("bold", `dragoman ${VERSION}`)} · bun ${Bun.version} · ${process.platform}-${process.arch}`;
  return [title, ...lines, ...nextSteps(running, flags, paint), ""].join("\n");
}

function secretText({ dragoman, settings, sources }: Running): string {
  const { secretFile } = dragoman;
  if (secretFile !== null) {
    const file = shortPath(secretFile.file);
    return secretFile.created ? `${file} (generated, 0600); set JWT_SECRET to use your own` : file;
  }
  const names = (["JWT_SECRET", "JWKS_URL", "JWT_PUBLIC_KEY"] as const).filter(
    (name) => sources[name] !== "default",
  );
  // The address of a key set wins over a single public key.
  const used = settings.jwksUrl === undefined ? names : names.filter((name) => name !== "JWT_PUBLIC_KEY");
  return used.map((name) => `${name} (${sources[name]})`).join(", ");
}

function listenText({ address, settings }: Running): string {
  const url = reachable(address.url);
  return url === address.url
    ? address.url
    : `${url}, on all addresses of this machine (HOST ${settings.host})`;
}

function nextSteps(running: Running, flags: Flags, paint: Paint): string[] {
  const key = pasteable(`dragoman key create backend${repeated(flags, ["DATA_DIR"])}`);
  if (!signsTokens(running))
    return ["", "A key for a backend, which opens the console too:", `  ${paint("accent", key)}`];
  // A secret from the command line is not repeated here.
  const secret = running.sources.JWT_SECRET === "flag" ? "JWT_SECRET=… " : "";
  const same = repeated(flags, ["DATA_DIR", "JWT_ISSUER", "JWT_AUDIENCE", "JWT_USER_ID_CLAIM"]);
  const token = pasteable(`${secret}dragoman token alice${same}`);
  return [
    "",
    "A token for a user, a key for a backend:",
    `  ${paint("accent", token)}`,
    `  ${paint("accent", key)}`,
    ...firstAdmin(running, paint),
  ];
}

/** The one-time link, for the eyes of whoever started it: in no file and in no log. */
function firstAdmin({ dragoman, address }: Running, paint: Paint): string[] {
  const code = stdoutIsTerminal() ? dragoman.assembly.setupCode() : null;
  if (code === null) return [];
  const link = setupLink(address, code);
  return ["", "Open the console as its first admin (works once, 30 min):", `  ${paint("accent", link)}`];
}
