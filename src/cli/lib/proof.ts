import { readFolderSecret, secretIn } from "../../app/data-folder.ts";
import { signUserToken, type TokenRules, type TokenUser } from "../../app/offline-token.ts";
import { isIdText } from "../../core/ids.ts";
import { isObject, parseJson } from "../../core/json.ts";
import { isLoopback } from "./address.ts";
import { type DevServer, devServerAt } from "./dev-file.ts";
import { EXIT, failure } from "./failure.ts";
import { type Configured, type Flags, readSettings } from "./settings.ts";
import { shortPath } from "./words.ts";

/** How a command shows who asks. */
export interface Proof {
  /** A token for the next request or socket; a signed one is always fresh. Undefined beside a key. */
  readonly token: (() => string) | undefined;
  readonly key: string | undefined;
  /** The user, where this program says who it is. */
  readonly userId: string | undefined;
  /** Where it is from, for the reader of a refusal: `DRAGOMAN_TOKEN`, `./dragoman_data/jwt.key`. */
  readonly from: string;
  /** Nobody asked for it: an admin of this machine's own server. */
  readonly implied: boolean;
}

/** Long enough for a request, short enough to be of no use to a thief; a stream asks for the next one in time. */
const TTL_SECONDS = 15 * 60;
const ADMIN = "admin";

/**
 * `--token`, `--key` or `--as`, else DRAGOMAN_TOKEN or DRAGOMAN_KEY, else an admin of a server on
 * this machine whose secret can be read. Throws a Failure.
 */
export function proofFor(url: URL, flags: Flags): Proof {
  const { token, key, as } = flags as { token?: string; key?: string; as?: string };
  if (as !== undefined) return signedFor(url, as, flags);
  if (token !== undefined) return given(token, "--token");
  if (key !== undefined) return keyed(key, "--key");
  const { DRAGOMAN_TOKEN, DRAGOMAN_KEY } = process.env;
  if (DRAGOMAN_TOKEN) return given(DRAGOMAN_TOKEN, "env DRAGOMAN_TOKEN");
  if (DRAGOMAN_KEY) return keyed(DRAGOMAN_KEY, "env DRAGOMAN_KEY");
  return impliedFor(url, flags);
}

const given = (token: string, from: string): Proof => ({
  token: () => token,
  key: undefined,
  userId: undefined,
  from,
  implied: false,
});

const keyed = (key: string, from: string): Proof => ({
  token: undefined,
  key,
  userId: undefined,
  from,
  implied: false,
});

/** What tokens are signed with, and how the server reads them. */
interface Signer {
  readonly secret: string;
  readonly rules: TokenRules;
  readonly from: string;
}

interface Speaker {
  readonly id: string;
  readonly username: string;
}

function signedFor(url: URL, as: string, flags: Flags): Proof {
  if (!isIdText(as))
    throw failure(
      `${JSON.stringify(as)} is no user`,
      "use 1 to 128 characters without control characters",
      EXIT.usage,
      "--as",
    );
  const dev = devServerAt(url);
  const signer = dev === null ? signerOf(readSettings("serve", flags)) : devSigner(dev);
  if ("missing" in signer)
    throw failure(`cannot speak as ${as}: ${signer.missing}`, signer.fix, EXIT.config, "--as");
  return signed(signer, userNamed(as, dev));
}

/** Demo users are known by their names too. */
export const userNamed = (name: string, dev: DevServer | null): Speaker =>
  dev?.users.find((user) => user.username === name || user.id === name) ?? { id: name, username: name };

const SAY_WHO =
  "say who you are: --token TOKEN (env DRAGOMAN_TOKEN), --key KEY (env DRAGOMAN_KEY), or --as USER beside the server's data";

function impliedFor(url: URL, flags: Flags): Proof {
  if (!isLoopback(url)) throw failure("no token or key was given", SAY_WHO, EXIT.usage);
  const dev = devServerAt(url);
  const signer = dev === null ? signerOf(readSettings("serve", flags)) : devSigner(dev);
  if ("missing" in signer)
    throw failure(`no token or key was given, and ${signer.missing}`, signer.fix, EXIT.usage);
  return { ...signed(signer, { id: ADMIN, username: ADMIN }, { role: "admin" }), implied: true };
}

/** Signs a token for anybody. */
export type Signing = (user: Omit<TokenUser, "id"> & { readonly id: string }) => string;

/** With the secret of the server on this machine, or JWT_SECRET. Throws a Failure where there is none. */
export function signingAt(url: URL, flags: Flags): Signing {
  const dev = devServerAt(url);
  const signer = dev === null ? signerOf(readSettings("serve", flags)) : devSigner(dev);
  if ("missing" in signer)
    throw failure(`no token can be signed: ${signer.missing}`, signer.fix, EXIT.config);
  return (user) => signUserToken(signer.rules, signer.secret, user, Date.now());
}

function signed({ secret, rules, from }: Signer, user: Speaker, claims: Record<string, unknown> = {}): Proof {
  const token = (): string =>
    signUserToken(rules, secret, { ...user, ttlSeconds: TTL_SECONDS, claims }, Date.now());
  return { token, key: undefined, userId: user.id, from, implied: false };
}

const devSigner = ({ secret, rules }: DevServer): Signer => ({
  secret,
  rules: { jwtUserIdClaim: rules.jwtUserIdClaim, jwtIssuer: rules.jwtIssuer, jwtAudience: rules.jwtAudience },
  from: "the running dev",
});

/** The secret as the server of these settings has it. */
function signerOf({
  settings,
  sources,
}: Configured): Signer | { readonly missing: string; readonly fix: string } {
  if (settings.jwtSecret !== undefined)
    return { secret: settings.jwtSecret, rules: settings, from: `JWT_SECRET (${sources.JWT_SECRET})` };
  if ((settings.jwtPublicKey ?? settings.jwksUrl) !== undefined)
    return {
      missing: "tokens are checked with a public key here, which signs none",
      fix: "give a token of that user: --token TOKEN (env DRAGOMAN_TOKEN), or a service key: --key KEY",
    };
  const folder = settings.dataDir ?? "";
  const file = shortPath(secretIn(folder));
  try {
    return { secret: readFolderSecret(folder), rules: settings, from: file };
  } catch {
    return {
      missing: `there is no secret to sign with: no dev runs there, JWT_SECRET is not set, and there is no ${file}`,
      fix: "start a server: dragoman dev; or name its folder, --data-dir FOLDER; or give --token TOKEN or --key KEY",
    };
  }
}

/** What a token says, unverified; null where it is none. */
export function claimsIn(token: string): Readonly<Record<string, unknown>> | null {
  const claims = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return isObject(claims) ? claims : null;
}

/** The id of the user who asks, as far as it can be seen from here; empty for a key. */
export const userIdOf = ({ userId, token }: Proof): string =>
  userId ?? (token === undefined ? "" : String(claimsIn(token())?.["sub"] ?? ""));

/** Whether the server will take the asker for an admin or a key, as far as it can be seen from here. */
export function isPrivileged({ key, implied, token }: Proof): boolean {
  if (key !== undefined || implied) return true;
  const claims = token === undefined ? null : claimsIn(token());
  const scopes = String(claims?.["scope"] ?? "").split(" ");
  return claims?.["role"] === "admin" || claims?.["is_superuser"] === true || scopes.includes("admin");
}
