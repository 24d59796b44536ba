import type { Command } from "commander";
import { suggest } from "../core/suggest.ts";
import { type OfflineKeys, openKeys } from "../app/offline.ts";
import { systemClock } from "../core/clock.ts";
import { isIdText } from "../core/ids.ts";
import type { KeyView } from "../core/admin.ts";
import { examples, subcommand } from "./lib/command.ts";
import { EXIT, failure } from "./lib/failure.ts";
import { type Flags, readSettings, withSomeSettings } from "./lib/settings.ts";
import { hint, remark, say } from "./lib/terminal.ts";

export function define(command: Command): void {
  offline(command, "create <name>", "create a key and show it, this once").action(
    (name: string, flags: Flags) => withKeys(flags, (keys) => create(keys, name, flags)),
  );
  offline(command, "list", "list all keys").action((flags: Flags) =>
    withKeys(flags, (keys) => list(keys, flags)),
  );
  offline(
    command,
    "revoke <key>",
    "end a key, by its name or id; a running server refuses it at once",
  ).action((key: string, flags: Flags) => withKeys(flags, (keys) => revoke(keys, key, flags)));
  command.addHelpText("after", "\nThey work on the data folder, whether its server runs or not.");
  examples(command, [
    ["KEY=$(dragoman key create backend)", "shown this once; send it as Authorization: Bearer <key>"],
    ["dragoman key list", "all keys, and whether they hold"],
    ["dragoman key revoke backend", "refused from now on"],
  ]);
}

const offline = (parent: Command, name: string, summary: string): Command =>
  withSomeSettings(subcommand(parent, name, summary).option("--json", "answer as JSON"), ["DATA_DIR"]);

function withKeys(flags: Flags, act: (keys: OfflineKeys) => void): void {
  const { settings } = readSettings("serve", flags);
  const keys = openKeys(settings.dataDir ?? "", systemClock);
  try {
    act(keys);
  } finally {
    keys.close();
  }
}

function create(keys: OfflineKeys, name: string, { json }: Flags): void {
  if (!isIdText(name))
    throw failure(
      `${JSON.stringify(name)} is no name`,
      "use 1 to 128 characters without control characters",
      EXIT.usage,
    );
  const created = keys.create(name);
  say(json ? JSON.stringify(created) : created.key);
  hint(
    `key ${created.id} (${name}) · shown this once · send it as  Authorization: Bearer <key>  · end it: dragoman key revoke ${created.id}`,
  );
}

function list(keys: OfflineKeys, { json }: Flags): void {
  const all = keys.list();
  if (json) return say(JSON.stringify(all));
  if (all.length === 0) return remark("no keys yet; make one: dragoman key create backend");
  const rows = [
    ["ID", "NAME", "CREATED", "STATE"],
    ...all.map((key) => [key.id, key.name, key.created_at, stateOf(key)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  say(
    rows
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd(),
      )
      .join("\n"),
  );
}

const stateOf = (key: KeyView): string => (key.revoked_at === null ? "active" : `revoked ${key.revoked_at}`);

function revoke(keys: OfflineKeys, wanted: string, { json }: Flags): void {
  const named = keys.list().filter((key) => key.id === wanted || key.name === wanted);
  const active = named.filter((key) => key.revoked_at === null);
  const [key] = active;
  if (key === undefined) {
    const [ended] = named;
    const near = suggest(
      wanted,
      keys.list().map(({ name }) => name),
    );
    const meant = near === undefined ? "" : `did you mean ${near}? `;
    throw ended === undefined
      ? failure(`there is no key "${wanted}"`, `${meant}see them all: dragoman key list`)
      : failure(`key "${wanted}" was revoked before, ${ended.revoked_at}`, "nothing is left to do");
  }
  if (active.length > 1 && key.id !== wanted) {
    throw failure(
      `${active.length} keys have the name "${wanted}"`,
      `name one by its id: ${active.map(({ id, created_at }) => `${id} (created ${created_at})`).join(", ")}`,
    );
  }
  keys.revoke(key.id);
  say(
    json
      ? JSON.stringify({ id: key.id, name: key.name, revoked: true })
      : `key ${key.id} (${key.name}) is revoked`,
  );
}
