import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { SettingError, type AuthSettings } from "../../src/auth/auth.ts";
import { CERTIFICATE, CERTIFICATE_TOKEN } from "./certificate.ts";
import { refusalOf, testAuth, testKey, userOf } from "./support.ts";

const [rsa, p256] = await Promise.all([testKey("RS256"), testKey("ES256")]);

describe("a setting that can never work stops the start", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  const x25519 = generateKeyPairSync("x25519").publicKey;
  const pem = (key: typeof weak): string => key.export({ type: "spki", format: "pem" }).toString();
  const cases: [what: string, settings: Partial<AuthSettings>, why: RegExp][] = [
    ["a public key as JWT_SECRET", { jwtSecret: rsa.pem }, /JWT_SECRET holds a public key/],
    [
      "a private key as JWT_PUBLIC_KEY",
      { jwtPublicKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
      /private key/,
    ],
    [
      "a private JWK",
      { jwtPublicKey: JSON.stringify({ ...privateKey.export({ format: "jwk" }) }) },
      /private key/,
    ],
    ["a symmetric JWK", { jwtPublicKey: JSON.stringify({ kty: "oct", k: "AAAA" }) }, /symmetric/],
    ["a JWK set", { jwtPublicKey: JSON.stringify({ keys: [rsa.jwk] }) }, /JWKS_URL/],
    [
      "a JWK for encryption",
      { jwtPublicKey: JSON.stringify({ ...rsa.jwk, use: "enc" }) },
      /not for signatures/,
    ],
    [
      "a JWK not for verifying",
      { jwtPublicKey: JSON.stringify({ ...rsa.jwk, key_ops: ["encrypt"] }) },
      /not for verifying/,
    ],
    [
      "a JWK with an alg of another type",
      { jwtPublicKey: JSON.stringify({ ...rsa.jwk, alg: "ES256" }) },
      /does not fit/,
    ],
    ["a JWK with alg HS256", { jwtPublicKey: JSON.stringify({ ...rsa.jwk, alg: "HS256" }) }, /does not fit/],
    ["broken JSON", { jwtPublicKey: "{" }, /not JSON/],
    ["rubbish", { jwtPublicKey: "rubbish" }, /cannot be read/],
    ["a short RSA key", { jwtPublicKey: pem(weak) }, /2048/],
    ["a key that cannot sign", { jwtPublicKey: pem(x25519) }, /no supported algorithm/],
    ["an address that is none", { jwksUrl: "keys.json" }, /JWKS_URL is not/],
    ["an address of a file", { jwksUrl: "file:///etc/passwd" }, /JWKS_URL is not/],
    ["an address with a password", { jwksUrl: "https://a:hunter2@id.example/keys" }, /password/],
  ];
  test.each(cases)("%s", (_, settings, why) => {
    const start = () => testAuth(settings);
    expect(start).toThrow(SettingError);
    expect(start).toThrow(why);
    expect(start).not.toThrow(/hunter2/);
  });

  test("while a short secret only warns", () => {
    expect(testAuth({ jwtSecret: "short" }).warnings).toEqual(["JWT_SECRET_SHORT"]);
    expect(testAuth().warnings).toEqual([]);
  });
});

describe("JWT_PUBLIC_KEY may be", () => {
  test("a PEM with its line ends spelled out", async () => {
    expect(
      userOf(await testAuth({ jwtPublicKey: rsa.pem.replaceAll("\n", "\\n") }).verifyToken(await rsa.sign()))
        .id,
    ).toBe("alice");
  });

  test("a PKCS#1 PEM", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const auth = testAuth({ jwtPublicKey: publicKey.export({ type: "pkcs1", format: "pem" }).toString() });
    // The key is read; a token of another key shows that it is used.
    expect(refusalOf(await auth.verifyToken(await rsa.sign())).detail).toContain("signature does not fit");
  });

  test("an X.509 certificate", async () => {
    const auth = testAuth({ jwtPublicKey: CERTIFICATE });
    expect(userOf(await auth.verifyToken(CERTIFICATE_TOKEN)).id).toBe("alice");
    expect(refusalOf(await auth.verifyToken(await p256.sign())).detail).toContain("signature does not fit");
  });
});
