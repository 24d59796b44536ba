import { statSync } from "node:fs";
import type { Command } from "commander";
import { databaseIn } from "../app/data-folder.ts";
import { backup, type Copy } from "../app/offline-backup.ts";
import { examples } from "./lib/command.ts";
import { watchGrowth } from "./lib/growth.ts";
import { type Flags, readSettings, withSomeSettings } from "./lib/settings.ts";
import { hint, say } from "./lib/terminal.ts";
import { shortPath } from "./lib/words.ts";

export function define(command: Command): void {
  withSomeSettings(
    command
      .argument("<file>", "the copy; there must be no such file yet")
      .option("--verify", "open the copy and read all of it")
      .option("--json", "answer as JSON"),
    ["DATA_DIR"],
  ).action((file: string, flags: Flags) => {
    const { settings } = readSettings("serve", flags);
    const copy = copied(settings.dataDir ?? "", file, flags["verify"] === true);
    say(flags["json"] === true ? JSON.stringify(copy) : told(copy, flags["verify"] === true));
    if (flags["json"] === true) return;
    hint(`bring it back, with the server stopped:  dragoman restore ${shortPath(copy.path)}`);
  });
  examples(command, [
    ["dragoman backup copy.db --verify", "while its server runs"],
    ["dragoman backup backup-$(date +%F).db --json", "for a script"],
  ]);
}

/** The copy grows under another name until it is whole. */
function copied(dataDir: string, file: string, verify: boolean): Copy {
  using _watching = watchGrowth("copying", `${file}.partial`, sizeOf(databaseIn(dataDir)));
  return backup(dataDir, file, verify);
}

/** In bytes; 0 where there is no such file. */
export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const told = (copy: Copy, verified: boolean): string =>
  `${shortPath(copy.path)}  ${megabytes(copy)}, ${copy.events} events, last id ${copy.lastEventId}${verified ? ", verified" : ""}`;

export const megabytes = ({ bytes }: Copy): string => `${(bytes / 1e6).toFixed(1)} MB`;
