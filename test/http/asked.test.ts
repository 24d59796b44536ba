/** A request's query is read by hand where nothing in it is escaped: it must say what URLSearchParams says. */
import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { Asked } from "../../src/http/asked.ts";

const LETTERS = Array.from("token_&=?%25+;/é\u0000 #");
const NAMES = ["token", "ticket", "last_event_id", "t", ""];

test("a query gives the same values, spelled in any way", () => {
  const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 30 });
  const pair = fc.tuple(fc.constantFrom(...NAMES), text).map(([name, value]) => `${name}=${value}`);
  const query = fc.oneof(
    text,
    fc.array(fc.oneof(pair, text), { maxLength: 5 }).map((all) => all.join("&")),
  );
  fc.assert(
    fc.property(query, (given) => {
      const request = new Request(`http://h/ws?${given}`);
      const { searchParams } = new URL(request.url);
      const { query: read } = new Asked(request, undefined);
      for (const name of NAMES) expect([name, read.get(name)]).toEqual([name, searchParams.get(name)]);
    }),
    { numRuns: 2000 },
  );
});
