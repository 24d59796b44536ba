import { createClient, type DragomanEvent, type EventKind } from "../../client/client.ts";
import { eventLine } from "../lib/event-line.ts";
import { connectionTo, explainEnd, tellConnection } from "../lib/live.ts";
import { isPrivileged } from "../lib/proof.ts";
import { remark, stdoutPaint } from "../lib/terminal.ts";
import type { Job } from "./job.ts";

const ALL = "*";

interface Shown {
  readonly kinds: readonly EventKind[] | undefined;
  readonly json: boolean;
}

/** The native dialect: what happens, a line an event. */
export async function tailEvents(
  { remote, rooms, since, follow, stopped, write }: Job,
  { kinds, json }: Shown,
): Promise<void> {
  const client = createClient({ ...connectionTo(remote), key: remote.proof.key, lastEventId: since });
  const paint = stdoutPaint();
  const told = (event: DragomanEvent): void => write(json ? JSON.stringify(event) : eventLine(event, paint));
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  stopped.signal.addEventListener("abort", () => resolve());
  tellConnection(client);
  client.on("error", (fault) => {
    if (client.state === "closed") reject(explainEnd(remote, fault));
  });
  const topics = rooms.length > 0 ? rooms : isPrivileged(remote.proof) ? [ALL] : [];
  if (topics.length > 0) {
    const heard = client.subscribe(topics, { since, ...(kinds === undefined ? {} : { kinds }) });
    heard.on("event", told);
    heard.ready.then(caughtUp, (fault) => reject(explainEnd(remote, fault)));
  } else {
    client.on("event", (event) => {
      if (kinds === undefined || kinds.includes(event.kind)) told(event);
    });
    client.inbox.subscribe({ since }).ready.then(caughtUp, (fault) => reject(explainEnd(remote, fault)));
    if (!json) remark("listening to what is told to this user; name rooms to hear more");
  }
  try {
    await ended;
  } finally {
    client.close();
  }

  function caughtUp(): void {
    if (!follow) stopped.abort();
  }
}
