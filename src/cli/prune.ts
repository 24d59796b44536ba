import type { Command } from "commander";
import { prune } from "../app/offline-prune.ts";
import { systemClock } from "../core/clock.ts";
import { examples } from "./lib/command.ts";
import { startProgress } from "./lib/progress.ts";
import { type Flags, readSettings, withSomeSettings } from "./lib/settings.ts";
import { say } from "./lib/terminal.ts";

export function define(command: Command): void {
  withSomeSettings(command.option("--json", "answer as JSON"), [
    "DATA_DIR",
    "RETENTION_EVENTS_DAYS",
    "RETENTION_EVENTS_MAX",
    "RETENTION_NOTIFICATIONS_DAYS",
    "RETENTION_NOTIFICATIONS_MAX",
    "RETENTION_SECURITY_LOG_DAYS",
    "RETENTION_SECURITY_LOG_MAX",
  ])
    .action(async (flags: Flags) => {
      const { settings } = readSettings("serve", flags);
      const progress = startProgress();
      const removed = await prune(settings.dataDir ?? "", settings, systemClock, (steps) =>
        progress.tell(`pruning, in small steps: ${steps}`),
      );
      progress.clear();
      say(flags["json"] === true ? JSON.stringify({ removed }) : `${removed} rows removed`);
    })
    .addHelpText("after", "\nA server prunes by itself; this does it at once, while it runs or not.");
  examples(command, [["dragoman prune --retention-events-days 7", "all events that are older than a week"]]);
}
