import { type Refusal, refuse } from "../core/errors.ts";
import type { Cursor } from "../hub/hub.ts";

/** An event id or `latest`; undefined where nothing was given. The same on every transport. */
export function cursorOf(
  name: string,
  text: string | undefined,
): { readonly value: Cursor | undefined } | Refusal {
  if (text === undefined || text === "") return { value: undefined };
  if (text === "latest") return { value: "latest" };
  const id = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(id)) return { value: id };
  return refuse("BAD_REQUEST", `${name} must be a whole number, 0 for everything kept, or latest.`);
}
