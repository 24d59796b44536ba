import { resolve } from "node:path";
import type { CommandLine } from "../../core/admin.ts";
import { defaultSettings } from "../../app/settings.ts";
import type { ServerCommand } from "../../app/settings-spec.ts";
import { localAddress } from "./address.ts";
import { programAnywhere } from "./program-name.ts";
import type { Flags } from "./settings.ts";
import { shellWord } from "./words.ts";

/** What is known of a server once it listens. */
export interface Opened {
  /** Where it is reached from this machine. */
  url: string | null;
  /** Null where everything is in memory. */
  folder: string | null;
}

/** How a running server's own commands are typed so that they find it, in whatever folder. */
export function commandLine(command: ServerCommand, flags: Flags, { url, folder }: Opened): CommandLine {
  const { config } = flags;
  const file = typeof config === "string" ? ` --config ${shellWord(resolve(config))}` : "";
  const store = folder === null ? null : `${file} --data-dir ${shellWord(resolve(folder))}`;
  const where = url === null || url === localAddress(defaultSettings(command)) ? "" : ` --url ${url}`;
  // What is in memory is found by the file that `dev` leaves for its port.
  return { program: programAnywhere(), store, server: `${where}${store ?? ""}` };
}
