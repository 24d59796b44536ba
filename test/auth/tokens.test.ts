import { describe, expect, test } from "bun:test";
import type { AuthSettings } from "../../src/auth/auth.ts";
import { MAX_TOKEN_BYTES } from "../../src/auth/envelope.ts";
import { signHs256 } from "../../src/auth/sign.ts";
import {
  claimsWith,
  encodePart,
  forgeHs,
  hs256Token,
  NOW,
  refusalOf,
  SECRET,
  serveJwks,
  testAuth,
  testKey,
  userOf,
  type Claims,
} from "./support.ts";

const [rsa, otherRsa, pss, p256, p384, p521, ed] = await Promise.all([
  testKey("RS256"),
  testKey("RS256"),
  testKey("PS256"),
  testKey("ES256"),
  testKey("ES384"),
  testKey("ES512"),
  testKey("EdDSA"),
]);

const good = hs256Token();
const [head, body, signature] = good.split(".") as [string, string, string];

/** The same signature with its unused bits set: lenient decoders read the same bytes. */
function respelled(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? "") + 1];
}

describe("an HMAC token", () => {
  test("is accepted with HS256, at once", () => {
    const verdict = testAuth().verifyToken(good);
    expect(verdict).not.toBeInstanceOf(Promise);
    expect(verdict).toEqual({
      kind: "user",
      id: "alice",
      username: "alice",
      admin: false,
      rooms: [],
      workspaces: [],
      expiresAt: NOW + 3600,
    });
  });

  test.each([
    ["HS384", "sha384"],
    ["HS512", "sha512"],
  ])("is accepted with %s", async (alg, hash) => {
    const token = forgeHs({ alg }, claimsWith(), SECRET, hash);
    expect(userOf(await testAuth().verifyToken(token)).id).toBe("alice");
  });

  test("from signHs256 is accepted", async () => {
    expect(userOf(await testAuth().verifyToken(signHs256(claimsWith(), SECRET))).id).toBe("alice");
  });

  test("is accepted beside a public key, which it is never checked with", async () => {
    const auth = testAuth({ jwtSecret: SECRET, jwtPublicKey: rsa.pem });
    expect(userOf(await auth.verifyToken(good)).id).toBe("alice");
    expect(userOf(await auth.verifyToken(await rsa.sign())).id).toBe("alice");
    expect(refusalOf(await auth.verifyToken(forgeHs({ alg: "HS256" }, claimsWith(), rsa.pem))).refused).toBe(
      "TOKEN_INVALID",
    );
  });
});

describe("an asymmetric token", () => {
  test.each([
    ["RS256", rsa],
    ["PS256", pss],
    ["ES256", p256],
    ["ES384", p384],
    ["ES512", p521],
    ["EdDSA", ed],
  ])("is accepted with %s and the PEM of its key", async (_, key) => {
    expect(userOf(await testAuth({ jwtPublicKey: key.pem }).verifyToken(await key.sign())).id).toBe("alice");
  });

  test.each([
    ["RS256", rsa],
    ["PS256", pss],
    ["ES256", p256],
    ["EdDSA", ed],
  ])("is accepted with %s and the JWK of its key", async (_, key) => {
    expect(
      userOf(await testAuth({ jwtPublicKey: JSON.stringify(key.jwk) }).verifyToken(await key.sign())).id,
    ).toBe("alice");
  });

  test("is accepted at once the second time", async () => {
    const auth = testAuth({ jwtPublicKey: ed.pem });
    const token = await ed.sign();
    const first = auth.verifyToken(token);
    expect(first).toBeInstanceOf(Promise);
    const again = [await first, auth.verifyToken(token)];
    expect(again[1]).toBe(again[0]);
  });

  test("is refused as expired though it was seen before", async () => {
    const auth = testAuth({ jwtPublicKey: ed.pem });
    const token = await ed.sign();
    userOf(await auth.verifyToken(token));
    auth.clock.advance(3_600_000);
    expect(refusalOf(await auth.verifyToken(token)).refused).toBe("TOKEN_EXPIRED");
  });

  test("is refused when its algorithm is not one of the key's type", async () => {
    const cases: [string, string][] = [
      [rsa.pem, await p256.sign()],
      [p256.pem, await p384.sign()],
      [p256.pem, await rsa.sign()],
      [ed.pem, await p256.sign()],
    ];
    for (const [jwtPublicKey, token] of cases) {
      expect(refusalOf(await testAuth({ jwtPublicKey }).verifyToken(token)).detail).toContain(
        "the key configured here accepts",
      );
    }
  });

  test("is refused when the JWK's alg is another of the same type", async () => {
    const auth = testAuth({ jwtPublicKey: JSON.stringify({ ...rsa.jwk, alg: "PS256" }) });
    expect(refusalOf(await auth.verifyToken(await rsa.sign())).refused).toBe("TOKEN_INVALID");
  });
});

const symmetric: Partial<AuthSettings> = { jwtSecret: SECRET };
const publicRsa: Partial<AuthSettings> = { jwtPublicKey: rsa.pem };
const issuer: Partial<AuthSettings> = { jwtSecret: SECRET, jwtIssuer: "https://id.example" };
const audience: Partial<AuthSettings> = { jwtSecret: SECRET, jwtAudience: "realtime" };

const refused: [what: string, token: string, why: RegExp, settings?: Partial<AuthSettings>][] = [
  [
    "without a signature (alg none)",
    `${encodePart({ alg: "none" })}.${encodePart(claimsWith())}.`,
    /not signed/,
  ],
  [
    "without a signature (alg None)",
    `${encodePart({ alg: "None" })}.${encodePart(claimsWith())}.`,
    /not signed/,
  ],
  [
    "with alg NONE and some signature",
    `${encodePart({ alg: "NONE" })}.${encodePart(claimsWith())}.${signature}`,
    /not signed/,
  ],
  [
    "with alg none where only a public key is set",
    `${encodePart({ alg: "none" })}.${body}.`,
    /not signed/,
    publicRsa,
  ],
  ["without alg", forgeHs({ typ: "JWT" }, claimsWith()), /no algorithm/],
  ["with an alg that is no text", forgeHs({ alg: ["HS256"] }, claimsWith()), /no algorithm/],
  ["with an unknown alg", forgeHs({ alg: "HS1" }, claimsWith()), /unknown algorithm/],
  ["with alg in small letters", forgeHs({ alg: "hs256" }, claimsWith()), /unknown algorithm/],
  [
    "with the public PEM as HMAC secret",
    forgeHs({ alg: "HS256" }, claimsWith(), rsa.pem),
    /accepts RS256/,
    publicRsa,
  ],
  [
    "with the trimmed public PEM as HMAC secret",
    forgeHs({ alg: "HS256" }, claimsWith(), rsa.pem.trim()),
    /accepts RS256/,
    publicRsa,
  ],
  [
    "with HS256 called RS256",
    forgeHs({ alg: "RS256" }, claimsWith(), rsa.pem),
    /signature does not fit/,
    publicRsa,
  ],
  ["with RS256 where only a secret is set", await rsa.sign(), /accepts HS256, HS384, HS512/],
  ["of another secret", forgeHs({ alg: "HS256" }, claimsWith(), "another"), /signature does not fit/],
  [
    "of another secret (HS512)",
    forgeHs({ alg: "HS512" }, claimsWith(), "another", "sha512"),
    /signature does not fit/,
  ],
  ["of another RSA key", await otherRsa.sign(), /signature does not fit/, publicRsa],
  ["with HS256's signature called HS512", forgeHs({ alg: "HS512" }, claimsWith()), /signature does not fit/],
  ["with crit", hs256Token({}, { crit: ["exp"] }), /crit/],
  ["with an empty crit", hs256Token({}, { crit: [] }), /crit/],
  ["with crit b64", hs256Token({}, { crit: ["b64"], b64: true }), /crit/],
  [
    "with crit and a public key",
    await rsa
      .sign()
      .then((token) => token.replace(/^[^.]+/, encodePart({ alg: "RS256", crit: ["x"], x: 1 }))),
    /crit/,
    publicRsa,
  ],
  ["with a kid that is no text", hs256Token({}, { kid: 1 }), /kid/],
  [
    "with another payload under a good signature",
    `${head}.${encodePart(claimsWith({ sub: "root" }))}.${signature}`,
    /signature does not fit/,
  ],
  [
    "with another header under a good signature",
    `${encodePart({ alg: "HS256" })}.${body}.${signature}`,
    /signature does not fit/,
  ],
  ["with stray bits at the signature's end", `${head}.${body}.${respelled(signature)}`, /strict base64url/],
  ["with a padded signature", `${good}=`, /strict base64url/],
  [
    "with a blank in the signature",
    `${head}.${body}.${signature.slice(0, 5)} ${signature.slice(5)}`,
    /strict base64url/,
  ],
  ["with a newline at the end", `${good}\n`, /strict base64url/],
  ["with base64 instead of base64url", `${head}.${body}.+/${signature.slice(2)}`, /strict base64url/],
  ["with a signature cut short", good.slice(0, -4), /signature does not fit/],
  ["with a signature of a character", `${head}.${body}.A`, /strict base64url/],
  ["without the signature's part", `${head}.${body}.`, /strict base64url/],
  ["of two parts", `${head}.${body}`, /three parts/],
  ["of five parts (encrypted)", `${good}.a.b`, /three parts/],
  ["that is empty", "", /three parts/],
  ["with a header that is no JSON", `${encodePart("{")}.${body}.${signature}`, /header cannot be read/],
  ["with a header that is an array", forgeHs([], claimsWith()), /header cannot be read/],
  ["with a header that is null", forgeHs("null", claimsWith()), /header cannot be read/],
  ["with a payload that is no JSON", forgeHs({ alg: "HS256" }, "not json"), /not a JSON object/],
  ["with a payload that is an array", forgeHs({ alg: "HS256" }, []), /not a JSON object/],
  [
    "with a payload that is no UTF-8",
    forgeHs({ alg: "HS256" }, new Uint8Array([0x7b, 0xff, 0x7d])),
    /not a JSON object/,
  ],
  ["with an empty payload", forgeHs({ alg: "HS256" }, ""), /strict base64url/],
  ["longer than 8 KiB", hs256Token({ filler: "x".repeat(MAX_TOKEN_BYTES) }), /longer than 8192 bytes/],
  ["from another issuer", hs256Token({ iss: "https://evil.example" }), /JWT_ISSUER/, issuer],
  ["without an issuer", hs256Token(), /no issuer/, issuer],
  ["with a list of issuers", hs256Token({ iss: ["https://id.example"] }), /JWT_ISSUER/, issuer],
  ["for another audience", hs256Token({ aud: "billing" }), /JWT_AUDIENCE/, audience],
  ["for other audiences", hs256Token({ aud: ["billing", "realtime2"] }), /JWT_AUDIENCE/, audience],
  ["without an audience", hs256Token(), /no audience/, audience],
];

describe("a token is refused", () => {
  test.each(refused)("%s", async (_, token, why, settings = symmetric) => {
    const refusal = refusalOf(await testAuth(settings).verifyToken(token));
    expect(refusal.refused).toBe("TOKEN_INVALID");
    expect(refusal.detail).toMatch(why);
    expect(refusal.detail).not.toContain("\n");
    for (const part of token.split(".")) if (part.length > 8) expect(refusal.detail).not.toContain(part);
  });

  test("when no key is configured, saying which settings there are", async () => {
    expect(refusalOf(await testAuth({}).verifyToken(good)).detail).toBe(
      "No key to check tokens with is configured here. Set JWT_SECRET, JWT_PUBLIC_KEY or JWKS_URL.",
    );
  });

  test("when the secret is empty, even if it is signed with the empty secret", async () => {
    expect(
      refusalOf(await testAuth({ jwtSecret: "" }).verifyToken(forgeHs({ alg: "HS256" }, claimsWith(), "")))
        .detail,
    ).toContain("No key");
  });
});

describe("addresses in a header", () => {
  const hostile = (url: string): Claims[] => [
    { jku: url },
    { x5u: url },
    { kid: url },
    { kid: "../../../../dev/null" },
    { kid: "' OR 1=1 --" },
    { jku: url, x5u: url, kid: url },
  ];

  test("are never fetched, and the configured key decides", async () => {
    await using lure = serveJwks([{ ...otherRsa.jwk }]);
    const hs = testAuth();
    const rs = testAuth(publicRsa);
    for (const header of hostile(lure.url)) {
      expect(userOf(await hs.verifyToken(hs256Token({}, header))).id).toBe("alice");
      expect(userOf(await rs.verifyToken(await rsa.sign({}, header))).id).toBe("alice");
      expect(refusalOf(await rs.verifyToken(await otherRsa.sign({}, header))).refused).toBe("TOKEN_INVALID");
      expect(
        refusalOf(await rs.verifyToken(await otherRsa.sign({}, { ...header, jwk: otherRsa.jwk }))).refused,
      ).toBe("TOKEN_INVALID");
    }
    expect(lure.state.requests).toBe(0);
  });

  test("are never fetched with JWKS_URL either", async () => {
    await using lure = serveJwks([{ ...otherRsa.jwk, kid: "a" }]);
    await using issuerKeys = serveJwks([{ ...rsa.jwk, kid: "a" }]);
    const auth = testAuth({ jwksUrl: issuerKeys.url });
    for (const header of hostile(lure.url)) {
      expect(
        refusalOf(await auth.verifyToken(await otherRsa.sign({}, { kid: "a", ...header }))).refused,
      ).toBe("TOKEN_INVALID");
    }
    expect(lure.state.requests).toBe(0);
    expect(issuerKeys.state.requests).toBe(1);
  });
});
