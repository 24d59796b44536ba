/** Clients of a real server, each with lines and a clock of its own. */
import {
  type ClientOptions,
  createClient,
  type DragomanClient,
  type DragomanEvent,
} from "../../src/client/client.ts";
import { KEY, type StartedServer, type User } from "../support/server.ts";
import { ManualClientClock } from "./clock.ts";
import { Lines } from "./lines.ts";

export const ROOM = "channel:1";

export interface Side extends Disposable {
  readonly client: DragomanClient;
  readonly lines: Lines;
  readonly clock: ManualClientClock;
}

export function clientOf(server: StartedServer, user: User, options: ClientOptions = {}): Side {
  const [lines, clock] = [new Lines(), new ManualClientClock(Date.now())];
  const client = createClient({
    url: server.url,
    token: server.token(user),
    clock,
    retryWebSocketMs: 1000,
    ...lines.options,
    ...options,
  });
  return { client, lines, clock, [Symbol.dispose]: () => client.close() };
}

/** A backend that says things in the room. */
export const backendOf = (server: StartedServer): DragomanClient =>
  createClient({ url: server.url, key: KEY });

/** What was said, in the order in which it was heard. */
export const textsOf = (events: readonly DragomanEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "message.created" ? [event.data.content] : []));
