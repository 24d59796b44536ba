/** The commands that read settings; some defaults differ between them. */
export type ServerCommand = "serve" | "dev";

/** A default, or one for each command; a command left out has none. */
type Default<T> = T | { readonly serve?: T; readonly dev?: T };

interface Common {
  /** One line, for `--help` and the README. */
  readonly help: string;
  /** What the one line has no room for; README only. */
  readonly doc?: string;
  /** Reserved for a later version: setting it stops the start with this error. */
  readonly later?: { readonly what: string; readonly fix: string };
}

export interface NumberSpec extends Common {
  /** `bytes` also reads 64KiB, 1MiB; `seconds` also 30s, 5m, 2h, 1d. */
  readonly kind: "int" | "bytes" | "seconds" | "port";
  readonly default: Default<number>;
  readonly min: number;
  readonly max: number;
  /** What 0 means below `min`: no limit at all, or (read as `max`) none but the hard one. */
  readonly zero?: "off" | "max";
  readonly unit: string;
}

export interface EnumSpec extends Common {
  readonly kind: "enum";
  readonly values: readonly string[];
  readonly default: Default<string>;
}

interface TextSpec extends Common {
  readonly kind: "string" | "path" | "host" | "url" | "pem";
  readonly default?: Default<string>;
}

/** Secrets appear in no output; too short a one is refused by `serve` (a warning in `dev`). */
export interface SecretSpec extends Common {
  readonly kind: "secret";
  readonly minBytes?: number;
  /** Below this a warning. */
  readonly goodBytes?: number;
}

export interface ListSpec extends Common {
  readonly kind: "list";
  /** What the entries are; keys are secrets. */
  readonly item: "origin" | "network" | "key";
  readonly default: readonly string[];
  readonly minBytes?: number;
}

export type SettingSpec = NumberSpec | EnumSpec | TextSpec | SecretSpec | ListSpec;

/** Settings by name (UPPER_SNAKE, as in the environment). */
export type SettingTable = Readonly<Record<string, SettingSpec>>;
