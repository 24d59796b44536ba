/** Source: RFC 6455, section 5.2. */
import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { FrameReader, textFrame } from "../../../src/cli/bench/frames.ts";

/** A server's frame: like the client's, without a mask. */
function serverFrame(text: string): Uint8Array {
  const masked = textFrame(text);
  const head = masked.length - new TextEncoder().encode(text).length - 4;
  const frame = new Uint8Array(masked.length - 4);
  frame.set(masked.subarray(0, head));
  frame.set(masked.subarray(head + 4), head);
  frame[1] = (frame[1] as number) & 0x7f;
  return frame;
}

const texts = fc.array(fc.string({ maxLength: 70_000, size: "max" }), { maxLength: 6 });
const cuts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 });

test("however the bytes are cut, every frame is counted once, and read where it is wanted", () => {
  fc.assert(
    fc.property(texts, cuts, fc.boolean(), (said, sizes, wantsText) => {
      const bytes = Buffer.concat(said.map(serverFrame));
      const reader = new FrameReader();
      reader.wantsText = wantsText;
      const heard: (string | null)[] = [];
      const sink = {
        text: (payload: Uint8Array | null) =>
          void heard.push(payload === null ? null : new TextDecoder().decode(payload)),
        ping: () => {},
        closed: () => {},
      };
      for (let at = 0, cut = 0; at < bytes.length; cut++) {
        const size = sizes[cut % sizes.length] as number;
        reader.read(bytes.subarray(at, at + size), sink);
        at += size;
      }
      expect(heard).toEqual(wantsText ? said.map((text) => text.toWellFormed()) : said.map(() => null));
    }),
    { numRuns: 60 },
  );
});

test("a ping and a close in between are told with what they carry", () => {
  const reader = new FrameReader();
  const heard: unknown[] = [];
  const bytes = [0x89, 0x02, 0x61, 0x62, 0x88, 0x02, 0x03, 0xf4];
  reader.read(Uint8Array.from(bytes), {
    text: () => heard.push("text"),
    ping: (payload) => heard.push(new TextDecoder().decode(payload)),
    closed: (code) => heard.push(code),
  });
  expect(heard).toEqual(["ab", 1012]);
});
