import { createHash } from "node:crypto";
import type { Command, CommandArgs } from "../core/command.ts";
import type { Principal } from "../core/principal.ts";
import type { Once } from "../store/store.ts";

/** Of those who have shown no proof, `caller` is the address. No id, route or key holds a line break. */
export const onceScope = (kind: Principal["kind"], caller: string, route: string, key: string): string =>
  [kind, caller, route, key].join("\n");

export const hashOf = (body: string | Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** A message is the same one by a frame and by `POST /rooms/:room/messages`, however the room is spelled. */
export const onceMessage = (
  who: Principal,
  key: string,
  { topic, content, metadata }: CommandArgs<"message.send">,
): Once => ({
  scope: onceScope(who.kind, who.id, `message to ${topic}`, key),
  bodyHash: hashOf(JSON.stringify([content, metadata])),
});

/** Of a frame: undefined where it may be repeated freely. */
export function onceOfFrame(who: Principal, command: Command): Once | undefined {
  if (command.name !== "message.send" || command.args.idempotencyKey === undefined) return undefined;
  return onceMessage(who, command.args.idempotencyKey, command.args);
}
