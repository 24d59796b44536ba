import { useEffect, useMemo } from "preact/hooks";
import { useApp } from "../app.ts";
import { createFeed, type Feed } from "./feed.ts";
import { createSource, type Source } from "./source.ts";

/** Of what is kept, so many are shown at once, so that a quiet server's page is not empty. */
const BEFORE = 100;

/** Everything that happens, for as long as the part is shown. */
export function useFeed(): { readonly feed: Feed; readonly source: Source } {
  const app = useApp();
  const made = useMemo(() => {
    const source = createSource(app, "*", async () => {
      const { last_event_id, first_event_id } = await app.api.stats(1);
      return Math.max(0, first_event_id - 1, last_event_id - BEFORE);
    });
    return { source, feed: createFeed(source) };
  }, [app]);
  useEffect(() => () => made.feed.stop(), [made]);
  return made;
}
