import type { Command } from "commander";
import { type SettingDoc, settingDocs, settingsToml } from "../app/settings-template.ts";
import { unknownWord } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { answer } from "./lib/output.ts";
import type { Flags } from "./lib/settings.ts";

const WIDTH = 100;

export function define(command: Command): void {
  command
    .argument("[key]", "one of them: port, PORT or --port")
    .option("--json", "answer as JSON")
    .action(run);
  command.addHelpText(
    "after",
    "\nEach is also an environment variable (PORT), a file that holds the value\n(PORT_FILE) and a flag (--port). Flag > environment > file > TOML > default.\nWhat is in force now: dragoman check-config",
  );
  examples(command, [
    ["dragoman config > dragoman.toml", "a file to fill in"],
    ["dragoman config max_connections_per_user", "one key"],
  ]);
}

function run(key: string | undefined, flags: Flags): void {
  const docs = key === undefined ? settingDocs() : [docOf(key)];
  answer(flags, key === undefined ? docs : docs[0], () => settingsToml(docs, WIDTH));
}

function docOf(key: string): SettingDoc {
  const wanted = key.replace(/^--/, "").replaceAll("-", "_").toLowerCase();
  const docs = settingDocs();
  const found = docs.find((doc) => doc.key === wanted);
  if (found === undefined)
    throw unknownWord(
      key,
      docs.map((doc) => doc.key),
      "",
    );
  return found;
}
