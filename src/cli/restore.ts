import { existsSync } from "node:fs";
import type { Command } from "commander";
import { databaseIn } from "../app/data-folder.ts";
import { restore } from "../app/offline-backup.ts";
import { systemClock } from "../core/clock.ts";
import { megabytes, sizeOf } from "./backup.ts";
import { examples } from "./lib/command.ts";
import { failure } from "./lib/failure.ts";
import { watchGrowth } from "./lib/growth.ts";
import { type Flags, readSettings, withSomeSettings } from "./lib/settings.ts";
import { hint, say } from "./lib/terminal.ts";
import { shortPath } from "./lib/words.ts";

export function define(command: Command): void {
  withSomeSettings(
    command.argument("<file>", "a copy made by dragoman backup").option("--json", "answer as JSON"),
    ["DATA_DIR"],
  )
    .action((file: string, flags: Flags) => {
      const { settings } = readSettings("serve", flags);
      const { restored, kept } = restoredFrom(file, settings.dataDir ?? "");
      if (flags["json"] === true) return say(JSON.stringify({ ...restored, kept }));
      say(`${shortPath(restored.path)}  ${megabytes(restored)}, ${restored.events} events`);
      if (kept !== null) say(`${shortPath(kept)}  what was there before`);
      hint("clients that come back with an older last_event_id are told recovered:false");
    })
    .addHelpText("after", "\nThe server must be stopped. What was there before is kept beside the database.");
  examples(command, [["dragoman restore copy.db", "then start it again: dragoman serve"]]);
}

/** It is read, then copied beside the database, and takes its place at the end. */
function restoredFrom(file: string, dataDir: string): ReturnType<typeof restore> {
  if (!existsSync(file))
    throw failure(`there is no file ${shortPath(file)}`, "name a copy made by: dragoman backup FILE");
  using _watching = watchGrowth("restoring", `${databaseIn(dataDir)}.restoring`, sizeOf(file));
  return restore(file, dataDir, systemClock);
}
