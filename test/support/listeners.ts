/** One listener a dialect, for stories that cross all of them. */
import { type Client, connect } from "./client.ts";
import { BOB, chatIn, diaryPath, nativeIn, notifierIn, PATHS } from "./people.ts";
import type { StartedServer } from "./server.ts";

/** All of one user, for what is told to him. */
export async function personalListeners(server: StartedServer) {
  return {
    onetask: await connect(server, PATHS.notifications, { as: BOB }),
    v1: await connect(server, PATHS.v1Notifications, { as: BOB }),
    chat: await chatIn(server, BOB),
    diary: await connect(server, diaryPath(BOB), { as: BOB }),
    notifier: await notifierIn(server, BOB),
    native: await nativeIn(server, BOB),
  };
}

/** The next frame of each; then nothing more. */
export async function heardBy<K extends string>(
  listeners: Readonly<Record<K, Client>>,
): Promise<Record<K, unknown>> {
  const heard = {} as Record<K, unknown>;
  for (const [name, client] of Object.entries<Client>(listeners)) {
    heard[name as K] = await client.next();
    await client.silent();
  }
  return heard;
}
