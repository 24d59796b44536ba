import type { Command } from "commander";
import { wholeNumber } from "./choices.ts";
import type { Page, Query, Remote } from "./remote.ts";
import type { Flags } from "./settings.ts";
import { hint } from "./terminal.ts";

const LARGEST_PAGE = 500;

/** Gives a command that lists `--limit`. */
export const withLimit = (command: Command): Command =>
  command.option("--limit <number>", "at most so many (50)");

/** A collection, of as many pages as the limit wants; `next` is null where that was all. */
export async function collect<T>(
  remote: Remote,
  path: string,
  flags: Flags,
  query: Query = {},
): Promise<Page<T>> {
  const limit = typeof flags["limit"] === "string" ? wholeNumber(flags["limit"], "--limit", { min: 1 }) : 50;
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const size = Math.min(LARGEST_PAGE, limit - items.length);
    const page = await remote.get<Page<T>>(path, { ...query, limit: size, cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  if (cursor !== undefined && flags["json"] !== true) hint(`there are more: --limit ${limit * 10}`);
  return { items, next: cursor ?? null };
}
