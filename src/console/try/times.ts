import { duration } from "../lib/format.ts";
import type { Token } from "./tokens.ts";

/** `expires in 7 d`, `expired 2 h ago`; empty where it does not say. */
export function expiryText(token: Token | null, nowMs: number): string {
  if (token === null || token.expiresAt === null) return "";
  const seconds = (token.expiresAt - nowMs) / 1000;
  return seconds > 0 ? `expires in ${duration(seconds)}` : `expired ${duration(-seconds)} ago`;
}
