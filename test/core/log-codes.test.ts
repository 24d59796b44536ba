/** Every entry of the log has a code of the table, at its level, and every code is logged somewhere. */
import { expect, test } from "bun:test";
import { LOG_CODES } from "../../src/core/log-codes.ts";

const ROOT = new URL("../../src/", import.meta.url).pathname;
/** A call of a log; its code is the first argument, perhaps on the next line. */
const CALL = /\blog\.(debug|info|warn|error)\(\s*(?:"([A-Z_]+)"|([^\s,)]+))?/g;
/** They pass on what somebody else has named. */
const RELAYS = ["app/assemble.ts", "http/origin.ts"];

const calls = (
  await Promise.all(
    [
      ...new Bun.Glob(
        "{access,app,auth,bus,cli,dialects,features,http,hub,jobs,limits,runtime,store}/**/*.ts",
      ).scanSync(ROOT),
    ].map(async (path) => {
      const source = await Bun.file(ROOT + path).text();
      return [...source.matchAll(CALL)].map(([, level, code]) => ({ path, level, code }));
    }),
  )
).flat();

test("each call has a code of the table, at the level that the table says", () => {
  expect(calls.length).toBeGreaterThan(20);
  const wrong = calls.filter(
    ({ path, level, code }) =>
      !RELAYS.includes(path) &&
      (code === undefined || (LOG_CODES as Record<string, { level: string }>)[code]?.level !== level),
  );
  expect(wrong).toEqual([]);
});

test("each code of the table is logged somewhere", async () => {
  const sources = await Promise.all(
    [...new Bun.Glob("**/*.ts").scanSync(ROOT)]
      .filter((path) => path !== "core/log-codes.ts")
      .map((path) => Bun.file(ROOT + path).text()),
  );
  const all = sources.join("\n");
  expect(Object.keys(LOG_CODES).filter((code) => !all.includes(`"${code}"`))).toEqual([]);
});

test("warnings and errors say what to do", () => {
  const silent = Object.entries(LOG_CODES).filter(
    ([, { level, remedy }]) => (level === "warn" || level === "error") && remedy === null,
  );
  expect(silent).toEqual([]);
});
