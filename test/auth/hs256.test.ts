import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { jwtVerify } from "jose";
import { createHs256 } from "../../src/auth/hs256.ts";
import { isRefusal, type Refusal } from "../../src/core/errors.ts";
import type { Principal } from "../../src/core/principal.ts";
import { claimsWith, forgeHs, hs256Token, NOW, NOW_MS, SECRET, testAuth, type Claims } from "./support.ts";

const secretBytes = new TextEncoder().encode(SECRET);
const fast = testAuth({ jwtSecret: SECRET });
// With a key set configured HS256 is jose's to check; this one is never asked.
const slow = testAuth(
  { jwtSecret: SECRET, jwksUrl: "https://id.example/keys" },
  { fetch: () => Promise.reject(new Error("an HMAC token needs no key set")) },
);

/** The two have other keys beside the secret, so on other algorithms than HS256 only the code is the same. */
const comparable = (verdict: Principal | Refusal, wording: boolean): unknown =>
  isRefusal(verdict) && !wording ? verdict.refused : verdict;

async function expectAgreement(token: string): Promise<{ accepted: boolean }> {
  const quick = await fast.verifyToken(token);
  const thorough = await slow.verifyToken(token);
  const wording = !(isRefusal(quick) && quick.detail.startsWith("The token is signed with"));
  expect(comparable(quick, wording)).toEqual(comparable(thorough, wording));
  return { accepted: !isRefusal(quick) };
}

const times = fc.oneof(fc.integer({ min: NOW - 10, max: NOW + 10 }), fc.double());
const odd = fc.oneof(fc.string(), fc.jsonValue(), times);
/** Mostly something that is accepted. */
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: usual, weight: 9 }, { arbitrary: odd, weight: 1 });
const names = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const claims: fc.Arbitrary<Claims> = fc.record(
  {
    sub: mostly(fc.oneof(names, fc.integer(), fc.string({ unit: "binary", maxLength: 130 }))),
    exp: mostly(fc.constant(NOW + 3600)),
    nbf: mostly(fc.constant(NOW)),
    iat: mostly(fc.constant(NOW)),
    type: mostly(fc.constant("access")),
    username: odd,
    role: fc.constantFrom("admin", "user"),
    scope: odd,
    rooms: mostly(fc.array(names)),
    workspaces: mostly(fc.array(fc.oneof(names, fc.integer()))),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ["sub", "exp"] },
);
const header: fc.Arbitrary<Claims> = fc.record(
  {
    alg: mostly(fc.constant("HS256")),
    typ: odd,
    kid: odd,
    crit: fc.constantFrom(["exp"], []),
    b64: fc.boolean(),
  },
  { requiredKeys: ["alg"] },
);
const mostlyPlainHeader = fc.oneof(
  { arbitrary: fc.constant<Claims>({ alg: "HS256" }), weight: 3 },
  { arbitrary: header, weight: 1 },
);

describe("the fast path agrees with jose's", () => {
  test("on any header and claims, to the word", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(mostlyPlainHeader, claims, async (head, body) => {
        if ((await expectAgreement(forgeHs(head, body))).accepted) accepted += 1;
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(250);
  });

  test("on a token with anything changed in it: nothing but the token itself is accepted", async () => {
    const token = hs256Token({ username: "Alice" });
    const character = fc.oneof(
      fc.constantFrom("A", "Q", "Z", "9", "-", "_", ".", "=", "+", "/", " ", "\n", "\u0000", "é"),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    const mutation = fc.record({
      at: fc.nat({ max: token.length }),
      remove: fc.nat({ max: 3 }),
      insert: fc.array(character, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, remove, insert }) => {
        const mutated = token.slice(0, at) + insert.join("") + token.slice(at + remove);
        expect(await expectAgreement(mutated)).toEqual({ accepted: mutated === token });
      }),
      { numRuns: 1000 },
    );
  });

  test("on every single other character in every place", async () => {
    const token = hs256Token();
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ["A", "B", "_", "=", ""]) {
        const mutated = token.slice(0, at) + other + token.slice(at + 1);
        expect(isRefusal(await fast.verifyToken(mutated))).toBe(mutated !== token);
      }
    }
  });

  test("and what it accepts jwtVerify accepts too", async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (body) => {
        const token = forgeHs({ alg: "HS256" }, body);
        if (isRefusal(await fast.verifyToken(token))) return;
        await jwtVerify(token, secretBytes, { algorithms: ["HS256"], currentDate: new Date(NOW_MS) });
      }),
      { numRuns: 300 },
    );
  });
});

test("HS256 is checked without a promise, good or bad", () => {
  for (const token of [
    hs256Token(),
    hs256Token({ exp: 1 }),
    forgeHs({ alg: "HS256" }, claimsWith(), "other"),
  ]) {
    expect(fast.verifyToken(token)).not.toBeInstanceOf(Promise);
    expect(slow.verifyToken(token)).toBeInstanceOf(Promise);
  }
});

test("a signature of another length or with other letters is refused without an error", () => {
  const check = createHs256(secretBytes);
  const [head, body, signature] = hs256Token().split(".") as [string, string, string];
  expect(check(`${head}.${body}`, signature)).toBe(true);
  for (const other of [
    "",
    "A",
    `${signature}A`,
    signature.slice(1),
    `é${signature.slice(1)}`,
    `é${signature.slice(2)}`,
  ]) {
    expect(check(`${head}.${body}`, other)).toBe(false);
  }
});
