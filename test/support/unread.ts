import { addressOf } from "./client.ts";
import { ALICE, PATHS } from "./people.ts";
import { RawSocket } from "./raw-socket.ts";
import type { StartedServer } from "./server.ts";

/** Somebody who asks for long replies and reads none of them, until the server has closed him for it. */
export async function unread(server: StartedServer): Promise<RawSocket> {
  const greedy = await RawSocket.open(addressOf(server, PATHS.notifier, { as: ALICE }));
  greedy.stopReading();
  const text = JSON.stringify({ type: "text", data: "x".repeat(60_000) });
  const { meters } = server.assembly;
  for (let n = 0; n < 2000 && meters.slowCloses === 0; n++) {
    greedy.sendText(text);
    await new Promise(setImmediate);
  }
  return greedy;
}
