import { type Signal, signal } from "@preact/signals";
import type { Closed } from "./closes.ts";
import { Transcript } from "./transcript.ts";

export type LinkState = "closed" | "connecting" | "open";

/** How a socket ended; `opened` is false where it never was open. */
export interface LinkEnd extends Closed {
  readonly opened: boolean;
}

/** One socket of the page at a time, and its transcript, which outlives it. */
export class Link {
  readonly state: Signal<LinkState> = signal("closed");
  readonly transcript = new Transcript();
  /** Since when it is open; milliseconds since 1970. */
  readonly openedAt: Signal<number | null> = signal(null);
  #socket: WebSocket | null = null;

  /** Connects; resolves when the socket has ended. */
  connect(url: string): Promise<LinkEnd> {
    this.disconnect();
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.state.value = "connecting";
    return new Promise((resolve) => {
      let opened = false;
      socket.addEventListener("open", () => {
        opened = true;
        if (this.#socket !== socket) return;
        this.state.value = "open";
        this.openedAt.value = Date.now();
      });
      socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        this.transcript.add("in", typeof data === "string" ? data : "(binary)");
      });
      socket.addEventListener("close", ({ code, reason }) => {
        if (this.#socket === socket) this.#over();
        resolve({ code, reason, opened });
      });
    });
  }

  /** Takes effect at once, whenever the other side answers. */
  disconnect(): void {
    this.#socket?.close(1000);
    this.#over();
  }

  /** False where it is not open. */
  send(text: string): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    this.transcript.add("out", text);
    return true;
  }

  #over(): void {
    this.#socket = null;
    this.state.value = "closed";
    this.openedAt.value = null;
  }
}
