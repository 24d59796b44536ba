import type { CodeOf } from "./log-codes.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where the server writes what it does. Every entry has a code of the table LOG_CODES, at its level. */
export interface Log {
  debug(code: CodeOf<"debug">, message: string, fields?: Fields): void;
  info(code: CodeOf<"info">, message: string, fields?: Fields): void;
  warn(code: CodeOf<"warn">, message: string, fields?: Fields): void;
  error(code: CodeOf<"error">, message: string, fields?: Fields): void;
  child(fields: Fields): Log;
}
