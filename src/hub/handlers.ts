import type { SocketHandlers } from "../runtime/runtime.ts";
import { Connection, RefusedConnection } from "./connection.ts";
import type { Frames } from "./frames.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** What the runtime keeps with each socket. */
export type Link = Connection | RefusedConnection;

/** What the runtime calls for each socket. */
export function handlersOf(lifecycle: Lifecycle, frames: Frames): SocketHandlers<Link> {
  return {
    open(link, socket) {
      if (link instanceof RefusedConnection) return socket.close(link.code, link.reason);
      link.socket = socket;
      lifecycle.opened(link);
    },
    message(link, frame) {
      if (link instanceof Connection) frames.receive(link, frame);
    },
    close(link, code, reason) {
      if (link instanceof Connection) lifecycle.closed(link, code, reason);
    },
    drain(link) {
      if (!(link instanceof Connection) || link.onDrain === null) return;
      const resume = link.onDrain;
      link.onDrain = null;
      resume();
    },
  };
}
