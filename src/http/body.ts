import type { z } from "zod";
import { type FieldError, type Refusal, refuse } from "../core/errors.ts";
import { parseJson } from "../core/json.ts";
import { REQUEST_SECONDS } from "../runtime/runtime.ts";
import type { RequestContext } from "./context.ts";

/** A body that ends after so long was cut off by the runtime, whose clock has steps of four seconds. */
const LATE_MS = (REQUEST_SECONDS - 4) * 1000;

/**
 * Reads a body of at most `maxBytes` (0: any). One that is too large is read to its end and
 * thrown away: a client that still sends does not read the answer.
 */
export async function readBody(
  c: RequestContext,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | Refusal> {
  const begunMs = performance.now();
  try {
    const whole = isAnnouncedWithin(c, maxBytes)
      ? new Uint8Array(await c.req.raw.arrayBuffer())
      : await collected(c, maxBytes);
    return whole === null || (maxBytes > 0 && whole.byteLength > maxBytes)
      ? refuse("TOO_LARGE", undefined, { bound: "body_bytes" })
      : whole;
  } catch {
    const isLate = performance.now() - begunMs >= LATE_MS;
    return refuse(
      "BAD_REQUEST",
      "The body ended early, or is far too large.",
      isLate ? { bound: "body_seconds" } : {},
    );
  }
}

/** The parser takes no more than was announced: such a body need not be watched while it comes, which costs 18 us. */
function isAnnouncedWithin(c: RequestContext, maxBytes: number): boolean {
  const announced = c.req.header("content-length");
  return announced !== undefined && (maxBytes === 0 || Number(announced) <= maxBytes);
}

/** What comes, chunk by chunk; null where it is longer than `maxBytes`. */
async function collected(c: RequestContext, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.byteLength;
    if (maxBytes === 0 || length <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (maxBytes > 0 && length > maxBytes) return null;
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.byteLength;
  }
  return bytes;
}

/** A body's JSON; an empty one is `{}`. */
export function jsonOf(bytes: Uint8Array<ArrayBuffer>): { readonly value: unknown } | Refusal {
  if (bytes.byteLength === 0) return { value: {} };
  const value = parseJson(new TextDecoder().decode(bytes));
  return value === undefined ? refuse("BAD_JSON") : { value };
}

/** One error a field: its first. */
const errorsOf = (error: z.ZodError): FieldError[] => {
  const first = new Map<string, string>();
  for (const issue of error.issues) {
    const path = issue.path.join(".");
    if (!first.has(path)) first.set(path, issue.message);
  }
  return [...first].map(([path, message]) => ({ path, message }));
};

const isAbsent = (body: unknown, field: string): boolean => {
  const value =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[field] : undefined;
  return value === undefined || value === null || value === "";
};

/**
 * Holds a value to its schema. Where required fields are missing the detail names the whole
 * list, as the original backends do; otherwise it names the first bad field.
 */
export function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  required: readonly string[] = [],
): { readonly value: T } | Refusal {
  if (required.some((field) => isAbsent(value, field))) {
    const errors = required
      .filter((field) => isAbsent(value, field))
      .map((path) => ({ path, message: "required" }));
    return refuse("BAD_FIELDS", `Missing required fields: ${required.join(", ")}`, { errors });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const errors = errorsOf(parsed.error);
  const first = errors[0];
  const detail =
    first === undefined ? undefined : `Invalid ${first.path === "" ? "body" : first.path}: ${first.message}`;
  return refuse("BAD_FIELDS", detail, { errors });
}
