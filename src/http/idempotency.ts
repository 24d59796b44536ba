import { type Refusal, refuse } from "../core/errors.ts";
import type { Command } from "../core/command.ts";
import type { Endpoint } from "../core/endpoint.ts";
import type { Principal } from "../core/principal.ts";
import { hashOf, onceMessage, onceScope } from "../hub/hub.ts";
import type { Once } from "../store/store.ts";
import type { RequestContext } from "./context.ts";

const HEADER = "idempotency-key";
const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/** A request whose answer is to be the same for 24 h, however often it is made. */
export const isRepeatable = (c: RequestContext, endpoint: Pick<Endpoint, "repeatable">): boolean =>
  c.req.method === "POST" && endpoint.repeatable !== false && c.req.header(HEADER) !== undefined;

/**
 * What makes a repetition: who asks, where, under which key; and what must be the same then.
 * Those who have shown no proof are told apart by `address`. A message is one with the frame that
 * sends it.
 */
export function onceOf(
  c: RequestContext,
  who: Principal,
  address: string,
  body: Uint8Array<ArrayBuffer>,
  command: Command,
): Once | Refusal {
  const key = c.req.header(HEADER) ?? "";
  if (!PRINTABLE.test(key)) {
    const message = "must be 1 to 255 printable ASCII characters";
    return refuse("BAD_FIELDS", `Invalid Idempotency-Key: ${message}`, {
      errors: [{ path: "Idempotency-Key", message }],
    });
  }
  if (command.name === "message.send") return onceMessage(who, key, command.args);
  const caller = who.kind === "anonymous" ? address : who.id;
  const path = c.req.path.replace(/\/+$/, "");
  return { scope: onceScope(who.kind, caller, `${c.req.method} ${path}`, key), bodyHash: hashOf(body) };
}
