import { resolve } from "node:path";
import type { SettingName } from "./settings.ts";
import type { ServerCommand } from "./settings-spec.ts";

/** Where a setting's value comes from. */
export type Source = "flag" | "env" | `file:${string}` | `toml:${string}:${number}` | "default";
export type Sources = Readonly<Record<SettingName, Source>>;

export interface ConfigInput {
  readonly command: ServerCommand;
  /** By the settings' camelCase keys, as commander gives them; others are ignored. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--config FILE`. */
  readonly configFile?: string | undefined;
  readonly cwd: string;
  /** Reads a text file by absolute path; throws as `fs.readFileSync` does. */
  readonly readFile: (path: string) => string;
}

export type FileRead = { readonly text: string } | { readonly failure: string; readonly missing: boolean };

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
};

/**
 * Reads a file named by a setting. Only the error's code is passed on: its message repeats
 * the path, which may be a secret put in the wrong place.
 */
export function tryRead(input: ConfigInput, path: string): FileRead {
  try {
    return { text: input.readFile(resolve(input.cwd, path)) };
  } catch (error) {
    const code =
      typeof error === "object" && error !== null && "code" in error
        ? String(error.code)
        : "it cannot be opened";
    return { failure: FAILURES[code] ?? code, missing: code === "ENOENT" };
  }
}
