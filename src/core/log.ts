/** Where the server writes what it does. Every entry has a stable code. */
export interface Log {
  debug(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  child(fields: Readonly<Record<string, unknown>>): Log;
}
