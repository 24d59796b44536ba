/** What a client may write on a WebSocket's connection, whether the protocol (RFC 6455) allows it or not. */
import * as fc from "fast-check";
import { frameOf } from "../../support/raw-socket.ts";

export interface Written {
  readonly bytes: Buffer;
  /** What follows would be read as a part of it: nothing more can be asked on this connection. */
  readonly partial: boolean;
}

const FIN = 0x80;
const TEXT = 1;
const BINARY = 2;
const PING = 9;

const whole = (bytes: Buffer): Written => ({ bytes, partial: false });
const partial = (bytes: Buffer): Written => ({ bytes, partial: true });

const bytesUpTo = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));

/** The same text, with half letters as the bytes that they are not. */
const utf8 = (text: string): Buffer => Buffer.from(text.slice(0, 60_000), "utf8");

/** Masked as browsers do. */
function masked(first: number, payload: Buffer, mask: Buffer): Buffer {
  const frame = frameOf(first, payload);
  const start = frame.length - payload.length;
  mask.copy(frame, start - 4);
  for (let i = 0; i < payload.length; i++) frame[start + i] = payload[i]! ^ mask[i % 4]!;
  return frame;
}

/** A message in pieces, with pings between. */
function fragments(payload: Buffer, pieces: number): Buffer {
  const size = Math.max(1, Math.ceil(payload.length / pieces));
  const frames: Buffer[] = [];
  for (let at = 0; at < Math.max(1, payload.length); at += size) {
    const last = at + size >= payload.length;
    frames.push(frameOf((last ? FIN : 0) | (at === 0 ? TEXT : 0), payload.subarray(at, at + size)));
    if (!last) frames.push(frameOf(FIN | PING, Buffer.from("between")));
  }
  return Buffer.concat(frames);
}

function lying(length: bigint, payload: Buffer): Buffer {
  const head = Buffer.alloc(14);
  head[0] = FIN | TEXT;
  head[1] = 0xff;
  head.writeBigUInt64BE(length, 2);
  return Buffer.concat([head, payload]);
}

/** Frames that end a connection, or should. */
const broken: fc.Arbitrary<Written> = fc.oneof(
  // Reserved bits and opcodes, continuations of nothing, control frames in pieces.
  fc
    .tuple(
      fc.constantFrom(0xc1, 0xa1, 0x91, 0xf1, 0x83, 0x87, 0x8b, 0x8f, 0x00, 0x80, 0x09, 0x08, 0x0a),
      bytesUpTo(100),
    )
    .map(([first, payload]) => whole(frameOf(first, payload))),
  // Control frames with more than they may hold; closes with codes that are none.
  bytesUpTo(300).map((payload) => whole(frameOf(FIN | PING, Buffer.concat([payload, Buffer.alloc(126)])))),
  fc
    .tuple(fc.constantFrom(0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535), bytesUpTo(50))
    .map(([code, reason]) =>
      whole(frameOf(0x88, Buffer.concat([Buffer.from([code >> 8, code & 255]), reason]))),
    ),
  fc.constantFrom(Buffer.alloc(0), Buffer.from([3])).map((payload) => whole(frameOf(0x88, payload))),
  // No mask.
  bytesUpTo(100).map((payload) =>
    partial(Buffer.concat([Buffer.from([0x81, payload.length & 0x7f]), payload])),
  ),
  // Lengths that are not so.
  fc
    .tuple(fc.constantFrom(1n << 40n, (1n << 63n) - 1n, (1n << 64n) - 1n, 70_000n, 5n), bytesUpTo(50))
    .map(([length, payload]) => partial(lying(length, payload))),
  // Too large, whole and in pieces; a message begun within another; junk.
  fc.constant(whole(frameOf(FIN | TEXT, Buffer.alloc(65_537, 0x20)))),
  fc.constant(whole(fragments(Buffer.alloc(80_000, 0x20), 3))),
  fc.constant(
    whole(Buffer.concat([frameOf(TEXT, Buffer.from("{")), frameOf(FIN | TEXT, Buffer.from("{}"))])),
  ),
  bytesUpTo(200).map(partial),
);

/** One thing written, made of these texts. */
export const written = (texts: fc.Arbitrary<string>): fc.Arbitrary<Written> =>
  fc.oneof(
    { weight: 12, arbitrary: texts.map((text) => whole(frameOf(FIN | TEXT, utf8(text)))) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(texts, fc.uint8Array({ minLength: 4, maxLength: 4 }))
        .map(([text, mask]) => whole(masked(FIN | TEXT, utf8(text), Buffer.from(mask)))),
    },
    { weight: 2, arbitrary: texts.map((text) => whole(frameOf(FIN | BINARY, utf8(text)))) },
    { weight: 1, arbitrary: bytesUpTo(300).map((bytes) => whole(frameOf(FIN | BINARY, bytes))) },
    { weight: 1, arbitrary: bytesUpTo(50).map((bytes) => whole(frameOf(FIN | TEXT, bytes))) },
    // JSON whose letters outside of ASCII are cut in half, and half letters as bytes.
    {
      weight: 1,
      arbitrary: texts.map((text) =>
        whole(frameOf(FIN | TEXT, Buffer.from(text.slice(0, 60_000), "latin1"))),
      ),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(texts, fc.integer({ min: 2, max: 9 }))
        .map(([text, n]) => whole(fragments(utf8(text), n))),
    },
    { weight: 1, arbitrary: bytesUpTo(100).map((bytes) => whole(frameOf(0x8a, bytes))) },
    { weight: 1, arbitrary: broken },
  );
