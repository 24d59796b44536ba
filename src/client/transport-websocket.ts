import type { WireHooks } from "./attempt.ts";
import type { WebSocketClass } from "./options.ts";
import type { Proof } from "./tokens.ts";

/** What may stand in a subprotocol (RFC 9110, token). */
const PROTOCOL = /^[\w!#$%&'*+.^`|~-]+$/;

/** A socket's text frames both ways. */
export interface TextWire {
  send(text: string): void;
  close(): void;
}

/**
 * A WebSocket. The token goes as a subprotocol, which access logs do not have, unlike an address.
 * `heard` gets each text; `hooks.opened` is left to whoever knows the dialect.
 */
export function openSocket(
  WebSocket: WebSocketClass,
  address: { readonly url: string; readonly query: Readonly<Record<string, string>> },
  proof: Proof,
  hooks: Pick<WireHooks, "alive" | "ended"> & {
    readonly started: () => void;
    readonly heard: (text: string) => void;
  },
): TextWire {
  const { token } = proof;
  const hidden = token !== undefined && PROTOCOL.test(token);
  const query = new URLSearchParams({
    ...address.query,
    ...(token === undefined || hidden ? {} : { token }),
  });
  const text = query.toString();
  const url = text === "" ? address.url : `${address.url}?${text}`;
  const socket = hidden ? new WebSocket(url, ["bearer", token]) : new WebSocket(url);
  let open = false;
  let closed = false;
  socket.onopen = () => {
    open = true;
    if (!closed) hooks.started();
  };
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (closed) return;
    hooks.alive();
    hooks.heard(String(data));
  };
  // The close that follows says as much as a page may know.
  socket.onerror = () => {};
  socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: unknown }) => {
    if (closed) return;
    closed = true;
    // Codes of sockets that never opened, and 1005 and 1006, are the runtime's and not the server's.
    const told = open && code !== 1005 && code !== 1006;
    hooks.ended({ code: told ? code : null, reason: told ? String(reason) : "The connection broke" });
  };
  return {
    send(frame) {
      if (open && !closed) socket.send(frame);
    },
    close() {
      closed = true;
      socket.close();
    },
  };
}
