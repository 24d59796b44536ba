import { useApp } from "../app.ts";
import { useFilter } from "./filter.ts";
import { type Pages, usePages } from "./resource.ts";
import { useSettled } from "./settled.ts";
import type { User } from "./types.ts";

export interface FoundUsers {
  /** As it is typed. */
  readonly text: string;
  readonly setText: (text: string) => void;
  /** What is searched for, once the typing rests. */
  readonly q: string;
  readonly source: Pages<User>;
}

/** Users whose id or name begins with what is typed; `purpose` keeps what one view has loaded apart from the others. */
export function useFoundUsers(purpose: string, everyMs: number): FoundUsers {
  const { api } = useApp();
  const [text, setText] = useFilter("q");
  const q = useSettled(text.trim());
  const source = usePages(`${purpose} ${q}`, (page, signal) => api.users({ ...page, q }, signal), {
    everyMs,
  });
  return { text, setText, q, source };
}
