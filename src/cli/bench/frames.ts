/** RFC 6455 frames, as little of them as a load generator needs: what is sent is masked, what comes is counted. */

const FIN_TEXT = 0x81;
const FIN_PONG = 0x8a;
const MASKED = 0x80;
const OPCODE = 0x0f;
const LENGTH = 0x7f;

const encoder = new TextEncoder();

/** A masked text frame. The mask is zero: the payload stays readable, and RFC 6455 takes any. */
export const textFrame = (text: string): Uint8Array<ArrayBuffer> => frameOf(FIN_TEXT, encoder.encode(text));

export const pongFrame = (payload: Uint8Array): Uint8Array<ArrayBuffer> => frameOf(FIN_PONG, payload);

function frameOf(first: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + 4 + length);
  const view = new DataView(frame.buffer);
  frame[0] = first;
  frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  frame.set(payload, 6 + extended);
  return frame;
}

/** What a frame is to its reader; a server never sends a masked or fragmented one here. */
export interface FrameSink {
  /** A whole text frame passed by; `payload` only where `wantsText` is set. */
  text(payload: Uint8Array | null): void;
  ping(payload: Uint8Array): void;
  /** The close code, 1005 where there was none. */
  closed(code: number): void;
}

const NOTHING = new Uint8Array(0);

/** Finds frames in a stream of bytes by their headers, without looking at what they say unless asked to. */
export class FrameReader {
  /** Whether text frames are handed on with their payload. */
  wantsText = false;
  /** A chunk's end that is no whole header, or the begin of a payload that is wanted whole. */
  #rest: Uint8Array = NOTHING;
  /** Bytes of a counted payload that are still to come. */
  #skip = 0;

  read(chunk: Uint8Array, sink: FrameSink): void {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
      this.#rest = NOTHING;
    }
    let at = 0;
    if (this.#skip > 0) {
      at = Math.min(this.#skip, bytes.length);
      this.#skip -= at;
    }
    while (at < bytes.length) {
      const next = this.#frame(bytes, at, sink);
      if (next < 0) {
        this.#rest = bytes.slice(at);
        return;
      }
      at = next;
    }
  }

  /** Where the next frame begins, or −1 where this one's header (or wanted payload) is not all there. */
  #frame(bytes: Uint8Array, at: number, sink: FrameSink): number {
    if (bytes.length - at < 2) return -1;
    const opcode = (bytes[at] as number) & OPCODE;
    const short = (bytes[at + 1] as number) & LENGTH;
    const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
    const start = at + 2 + extended;
    if (bytes.length < start) return -1;
    const length = extended === 0 ? short : lengthAt(bytes, at + 2, extended);
    const end = start + length;
    const whole = end <= bytes.length;
    if (opcode > 2 || this.wantsText) {
      if (!whole) return -1;
      this.#hand(opcode, bytes.subarray(start, end), sink);
      return end;
    }
    sink.text(null);
    if (whole) return end;
    this.#skip = end - bytes.length;
    return bytes.length;
  }

  #hand(opcode: number, payload: Uint8Array, sink: FrameSink): void {
    if (opcode <= 2) sink.text(payload);
    else if (opcode === 8)
      sink.closed(payload.length < 2 ? 1005 : ((payload[0] as number) << 8) | (payload[1] as number));
    else if (opcode === 9) sink.ping(payload);
  }
}

function lengthAt(bytes: Uint8Array, at: number, size: number): number {
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 256 + (bytes[at + i] as number);
  return length;
}
