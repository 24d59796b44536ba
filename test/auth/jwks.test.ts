import { describe, expect, test } from "bun:test";
import { COOLDOWN_MS, FRESH_MS, KEEP_MS, RETRY_MS } from "../../src/auth/jwks.ts";
import {
  SECRET,
  claimsWith,
  forgeHs,
  hs256Token,
  NOW,
  refusalOf,
  serveJwks,
  testAuth,
  testKey,
  userOf,
} from "./support.ts";

const [first, second, nameless, otherNameless, elliptic] = await Promise.all([
  testKey("RS256", "first"),
  testKey("RS256", "second"),
  testKey("RS256"),
  testKey("RS256"),
  testKey("ES256", "elliptic"),
]);
/** Outlives every jump of the clock here. */
const LONG = { exp: NOW + 10 * 86_400 };

describe("JWKS_URL", () => {
  test("is fetched once for many tokens, and first when one needs it", async () => {
    await using issuer = serveJwks([first.jwk, elliptic.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    expect(issuer.state.requests).toBe(0);
    const tokens = await Promise.all([first.sign(), first.sign({ sub: "bob" }), elliptic.sign()]);
    const users = await Promise.all(tokens.map(async (token) => userOf(await auth.verifyToken(token)).id));
    expect(users).toEqual(["alice", "bob", "alice"]);
    expect(issuer.state.requests).toBe(1);
  });

  test("is fetched with the given fetch, without following redirects", async () => {
    const asked: [string, string][] = [];
    const auth = testAuth(
      { jwksUrl: "https://id.example/keys" },
      {
        fetch: async (url, { redirect }) => {
          asked.push([url, redirect]);
          return Response.json({ keys: [first.jwk] });
        },
      },
    );
    userOf(await auth.verifyToken(await first.sign()));
    expect(asked).toEqual([["https://id.example/keys", "manual"]]);
  });

  test("wins over JWT_PUBLIC_KEY and leaves JWT_SECRET its own tokens", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url, jwtPublicKey: nameless.pem, jwtSecret: SECRET });
    expect(refusalOf(await auth.verifyToken(await nameless.sign())).refused).toBe("TOKEN_INVALID");
    expect(userOf(await auth.verifyToken(hs256Token())).id).toBe("alice");
    expect(
      refusalOf(await auth.verifyToken(forgeHs({ alg: "HS256" }, claimsWith(), nameless.pem))).refused,
    ).toBe("TOKEN_INVALID");
  });

  test("never gives a key for HMAC, not even a symmetric one of the set", async () => {
    await using issuer = serveJwks([
      { kty: "oct", kid: "first", k: Buffer.from(SECRET).toString("base64url") },
    ]);
    const auth = testAuth({ jwksUrl: issuer.url });
    expect(refusalOf(await auth.verifyToken(hs256Token({}, { kid: "first" }))).detail).toContain(
      "signed with HS256",
    );
    expect(issuer.state.requests).toBe(0);
  });

  test("may have several keys without kid; each that could fit is tried", async () => {
    await using issuer = serveJwks([otherNameless.jwk, nameless.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    expect(userOf(await auth.verifyToken(await nameless.sign())).id).toBe("alice");
    expect(refusalOf(await auth.verifyToken(await first.sign({}, { kid: undefined }))).detail).toContain(
      "signature does not fit",
    );
  });

  test("may hold a key that cannot be used: a refusal, and a warning that says so", async () => {
    await using issuer = serveJwks([{ ...first.jwk, n: "AQAB" }]);
    const auth = testAuth({ jwksUrl: issuer.url });
    expect(refusalOf(await auth.verifyToken(await first.sign())).refused).toBe("TOKEN_INVALID");
    expect(auth.warnings).toEqual(["KEY_UNUSABLE"]);
  });
});

describe("when the issuer changes its keys", () => {
  test("a token with an unknown kid makes it ask again, once in the cooldown", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    userOf(await auth.verifyToken(await first.sign()));
    issuer.state.keys = [first.jwk, second.jwk];
    const token = await second.sign();
    for (let i = 0; i < 3; i += 1)
      expect(refusalOf(await auth.verifyToken(token)).detail).toContain("No key at JWKS_URL");
    expect(issuer.state.requests).toBe(1);
    auth.clock.advance(COOLDOWN_MS);
    expect(userOf(await auth.verifyToken(token)).id).toBe("alice");
    expect(issuer.state.requests).toBe(2);
  });

  test("a flood of unknown kids causes one fetch in the cooldown", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    userOf(await auth.verifyToken(await first.sign()));
    auth.clock.advance(COOLDOWN_MS);
    const flood = await Promise.all(
      Array.from({ length: 50 }, (_, i) => second.sign({}, { kid: `made up ${i}` })),
    );
    await Promise.all(flood.map((token) => auth.verifyToken(token)));
    for (const token of flood) refusalOf(await auth.verifyToken(token));
    expect(issuer.state.requests).toBe(2);
  });

  test("a withdrawn key stops working once the keys are old, though its token was seen before", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    const token = await first.sign(LONG);
    userOf(await auth.verifyToken(token));
    issuer.state.keys = [second.jwk];
    auth.clock.advance(FRESH_MS - 1);
    expect(auth.verifyToken(token)).not.toBeInstanceOf(Promise);
    auth.clock.advance(1);
    expect(refusalOf(await auth.verifyToken(token)).detail).toContain("No key at JWKS_URL");
    expect(refusalOf(await auth.verifyToken(token)).refused).toBe("TOKEN_INVALID");
    expect(issuer.state.requests).toBe(2);
  });

  test("and a key is replaced under the same kid, tokens seen before are checked again", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    const token = await first.sign(LONG);
    userOf(await auth.verifyToken(token));
    issuer.state.keys = [{ ...second.jwk, kid: "first" }];
    auth.clock.advance(FRESH_MS);
    expect(refusalOf(await auth.verifyToken(token)).detail).toContain("signature does not fit");
  });

  test("but unchanged keys leave what was seen in place", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    const token = await first.sign(LONG);
    const user = userOf(await auth.verifyToken(token));
    auth.clock.advance(FRESH_MS);
    expect(await auth.verifyToken(token)).toBe(user);
    expect(issuer.state.requests).toBe(2);
  });
});

describe("when the issuer cannot be reached", () => {
  test("a token is refused with the reason, a warning is given, and it is asked again only after a while", async () => {
    await using issuer = serveJwks([first.jwk]);
    issuer.state.broken = true;
    const auth = testAuth({ jwksUrl: issuer.url });
    const token = await first.sign();
    for (let i = 0; i < 3; i += 1) {
      expect(refusalOf(await auth.verifyToken(token))).toEqual({
        refused: "TOKEN_INVALID",
        detail: "The keys to check this token with can't be loaded now (JWKS_URL). Try again in a moment.",
        retryAfter: 5,
      });
    }
    expect(auth.warnings).toEqual(["JWKS_UNREACHABLE"]);
    expect(issuer.state.requests).toBe(1);
    issuer.state.broken = false;
    auth.clock.advance(RETRY_MS);
    expect(userOf(await auth.verifyToken(token)).id).toBe("alice");
    expect(issuer.state.requests).toBe(2);
  });

  test("the last good keys go on working, for tokens seen before and for new ones", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    const seen = await first.sign(LONG);
    userOf(await auth.verifyToken(seen));
    issuer.state.broken = true;
    auth.clock.advance(FRESH_MS);
    expect(userOf(await auth.verifyToken(seen)).id).toBe("alice");
    expect(userOf(await auth.verifyToken(await first.sign({ ...LONG, sub: "bob" }))).id).toBe("bob");
    expect(auth.verifyToken(seen)).not.toBeInstanceOf(Promise);
    expect(issuer.state.requests).toBe(2);
    expect(auth.warnings).toEqual(["JWKS_UNREACHABLE"]);
    auth.clock.advance(RETRY_MS);
    expect(userOf(await auth.verifyToken(seen)).id).toBe("alice");
    expect(issuer.state.requests).toBe(3);
  });

  test("the last good keys go on working when it answers something else", async () => {
    const answers = [
      Response.json({ keys: [first.jwk] }),
      Response.json({ oops: true }),
      new Response("<html>"),
      Response.redirect("https://evil.example/"),
    ];
    const auth = testAuth(
      { jwksUrl: "https://id.example/keys" },
      { fetch: async () => answers.shift() ?? Response.error() },
    );
    const token = await first.sign(LONG);
    for (let i = 0; i < 5; i += 1) {
      expect(userOf(await auth.verifyToken(token)).id).toBe("alice");
      auth.clock.advance(FRESH_MS);
    }
    expect(auth.warnings).toHaveLength(4);
  });

  test("the last good keys are given up after a day, tokens seen before with them", async () => {
    await using issuer = serveJwks([first.jwk]);
    const auth = testAuth({ jwksUrl: issuer.url });
    const token = await first.sign(LONG);
    userOf(await auth.verifyToken(token));
    issuer.state.broken = true;
    auth.clock.advance(KEEP_MS - 1);
    userOf(await auth.verifyToken(token));
    auth.clock.advance(1);
    expect(refusalOf(await auth.verifyToken(token)).detail).toContain("can't be loaded");
    issuer.state.broken = false;
    auth.clock.advance(RETRY_MS);
    expect(userOf(await auth.verifyToken(token)).id).toBe("alice");
  });

  test("the warning names the address without its query, and the way out", async () => {
    const details: string[] = [];
    const auth = testAuth(
      { jwksUrl: "https://id.example/keys?apikey=hunter2" },
      {
        fetch: () => Promise.reject(new Error("connection refused")),
        onWarning: (_, detail) => details.push(detail),
      },
    );
    refusalOf(await auth.verifyToken(await first.sign()));
    expect(details).toEqual([
      "The keys at https://id.example/keys cannot be fetched: connection refused. No token can be checked until it answers. Check JWKS_URL and that this server can reach it.",
    ]);
  });
});
