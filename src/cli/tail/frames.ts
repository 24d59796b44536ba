import { listeningTo } from "../../app/dialect-paths.ts";
import { chat, type DialectClient, type DialectOptions, notifier } from "../../client/client.ts";
import { DialectSocket } from "../../client/dialects/dialect-socket.ts";
import { EXIT, failure } from "../lib/failure.ts";
import { connectionTo, explainEnd, tellConnection } from "../lib/live.ts";
import { userIdOf } from "../lib/proof.ts";
import type { Job } from "./job.ts";

/** Rooms are joined by a frame. */
const JOINING = { chat, notifier } as const;

interface Where {
  readonly dialect: string;
  readonly path: string | undefined;
  /** With event ids, from the cursor on; else exactly as documented. */
  readonly resume: boolean;
}

/** Another dialect's frames, as they are. */
export async function tailFrames(job: Job, where: Where): Promise<void> {
  const { remote, rooms, since, follow, stopped, write } = job;
  const options = { ...connectionTo(remote), lastEventId: since, resume: where.resume };
  const { client, joined } = open(job, where, options);
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  stopped.signal.addEventListener("abort", () => resolve());
  tellConnection(client);
  client.on("failure", (fault) => {
    if (client.state === "closed") reject(explainEnd(remote, fault));
  });
  // What is personal is told first, then each room.
  let pasts = 1 + (joined.length > 0 ? rooms.length : 0);
  const caughtUp = (): void => {
    if (--pasts === 0 && !follow) stopped.abort();
  };
  client.on("recovered", caughtUp);
  client.on("lost", caughtUp);
  client.on("frame", (frame) => write(JSON.stringify(frame)));
  for (const join of joined) join.catch((fault) => reject(explainEnd(remote, fault)));
  try {
    await ended;
  } finally {
    client.close();
  }
}

interface Opened {
  readonly client: DialectClient<object>;
  readonly joined: readonly Promise<void>[];
}

function open({ remote, rooms }: Job, { dialect, path }: Where, options: DialectOptions): Opened {
  if (path !== undefined) return { client: new DialectSocket<object>({ path }, options), joined: [] };
  if (dialect === "chat" || dialect === "notifier") {
    const client = JOINING[dialect](options);
    return { client, joined: rooms.map((room) => client.join(room)) };
  }
  const at = listeningTo(dialect, rooms, userIdOf(remote.proof));
  if (at === null)
    throw failure(
      `${dialect} has no socket for ${rooms.join(", ")}`,
      "name a socket of it with --path, or listen to one room at a time",
      EXIT.usage,
    );
  return { client: new DialectSocket<object>({ path: at.path }, options), joined: [] };
}
