import type { Door } from "./link.ts";

/** How a socket of somebody is opened, and what it says then. */
export interface Arrival {
  readonly path: string;
  /** Sent one after another once it is open. */
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
}

/** A request that is written as it is to a kept connection. */
export type RawRequest = Uint8Array<ArrayBuffer>;

/**
 * A server under load: what to send so that its listeners hear one frame each. What a server cannot do
 * is left out, and so is its row.
 */
export interface Subject {
  readonly name: string;
  readonly door: Door;
  /** Process whose memory and processor time count; null where it is not on this machine. */
  readonly pid: number | null;
  /** Joins a room as its `member`th listener. */
  readonly listen: (room: number, member: number) => Arrival;
  /** Told to everybody in the room, its sender too; `text` has a fixed length. */
  readonly say: (room: number, text: string) => Uint8Array<ArrayBuffer>;
  /** A socket of a user of its own, and the frame that gets one frame as its answer. */
  readonly ping?: (user: number) => Arrival & { readonly ping: Uint8Array<ArrayBuffer> };
  /**
   * A socket that hears what is told to a user. With a cursor (`latest`, or the `last_event_id` of a frame
   * that answered one) it is told at the end of what it missed; null where the server has no cursors.
   */
  readonly personal?: (user: number, cursor?: string) => Arrival | null;
  /** An HTTP request that tells a user something: one frame for each of his sockets. */
  readonly notify?: (user: number, text: string) => RawRequest;
  /** Sockets in each of several wire protocols, by turns, and the request that all of them hear. */
  readonly mixed?: (user: number, dialects: "one" | "all") => Arrival;
  readonly broadcast?: (text: string) => RawRequest;
  /** Of servers that have a heartbeat of their own in text. */
  readonly beat?: (payload: Uint8Array) => Uint8Array<ArrayBuffer> | null;
}
