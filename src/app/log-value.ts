import { REDACTED, redact } from "./log-safe.ts";

const MAX_DEPTH = 5;
const MAX_ITEMS = 100;
const MAX_TEXT = 8192;

/** Fields whose value is a secret whatever it looks like. */
const SECRET_NAME =
  /^(?:authorization|cookie|set-cookie|x-api-key|api_?keys?|(?:access_?|refresh_?)?token|ticket|password|secret|jwt_?secret)$/i;

/**
 * A copy of a value that may be logged: plain JSON, of bounded size, without secrets. Errors
 * become `{name: code, message}`, with `stack` only if asked for.
 */
export function loggable(value: unknown, withStack: boolean): unknown {
  return clean(value, { withStack, above: [] });
}

/** Redacts and shortens a text. */
export const loggableText = (text: string): string => {
  const safe = redact(text);
  return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT)}… (${safe.length - MAX_TEXT} more)` : safe;
};

interface Walk {
  readonly withStack: boolean;
  /** The objects that hold this one, to end circles. */
  readonly above: readonly object[];
}

function clean(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case "string":
      return loggableText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "object":
      return value === null ? null : cleanObject(value, walk);
    case "boolean":
    case "undefined":
      return value;
    case "function":
      return "[function]";
    default:
      return loggableText(String(value));
  }
}

function cleanObject(value: object, { withStack, above }: Walk): unknown {
  if (above.includes(value)) return "[circular]";
  if (above.length >= MAX_DEPTH) return "[deep]";
  const inner: Walk = { withStack, above: [...above, value] };
  try {
    if (value instanceof Error) return cleanError(value, inner);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof URL) return loggableText(value.href);
    if (value instanceof Map) return cleanRecord(value, inner);
    if (Array.isArray(value) || value instanceof Set) return cleanList([...value], inner);
    return cleanRecord(Object.entries(value), inner);
  } catch {
    // A getter that throws must not take the server's log entry with it.
    return "[unreadable]";
  }
}

function cleanError(error: Error, walk: Walk): Record<string, unknown> {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return {
    name: loggableText(code),
    message: loggableText(error.message),
    ...(error.cause !== undefined && { cause: clean(error.cause, walk) }),
    ...(walk.withStack && error.stack !== undefined && { stack: loggableText(error.stack) }),
  };
}

function cleanList(items: readonly unknown[], walk: Walk): unknown[] {
  const kept = items.slice(0, MAX_ITEMS).map((item) => clean(item, walk) ?? null);
  return items.length > MAX_ITEMS ? [...kept, `… (${items.length - MAX_ITEMS} more)`] : kept;
}

function cleanRecord(entries: Iterable<readonly [unknown, unknown]>, walk: Walk): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  for (const [key, value] of entries) {
    if (kept.length >= MAX_ITEMS) {
      kept.push(["…", "more fields"]);
      break;
    }
    const name = loggableText(String(key));
    const secret = SECRET_NAME.test(name) && value !== undefined && value !== null;
    const safe = secret ? REDACTED : clean(value, walk);
    if (safe !== undefined) kept.push([name, safe]);
  }
  return Object.fromEntries(kept);
}
