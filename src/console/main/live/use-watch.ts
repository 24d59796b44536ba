import { useEffect, useMemo } from "preact/hooks";
import { useApp } from "../app.ts";
import type { Id } from "../data/types.ts";
import { type Watch, watch } from "./frames.ts";

/** Watches for as long as the part is shown: while nobody looks, the server does nothing for it. */
export function useWatch(id: Id): Watch {
  const { api } = useApp();
  const watched = useMemo(() => watch(api, id), [api, id]);
  useEffect(() => () => watched.stop(), [watched]);
  return watched;
}
