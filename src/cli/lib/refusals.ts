import { isLoopback } from "./address.ts";
import { devServers } from "./dev-file.ts";
import { isObject, parseJson } from "../../core/json.ts";
import { codeOf, EXIT, type Failure, failure, messageOf } from "./failure.ts";
import { ago } from "./moments.ts";
import { claimsIn, type Proof } from "./proof.ts";
import { sentences } from "./sentences.ts";
import { shellWord } from "./words.ts";

/** An answer that is a no, or none that was expected. */
export interface Refused {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  /** What was asked for. */
  readonly path: string;
  /** Who says so, and where else to go: of programs that are not Dragoman. */
  readonly server?: string | null;
  readonly location?: string | null;
}

/** Why nothing came back, and what to do. */
export function explainSilence(url: URL, fault: unknown): Failure {
  const code = codeOf(fault);
  const name = fault instanceof Error ? fault.name : "";
  const silent = `${url.origin} does not answer`;
  if (REFUSED.has(code)) return failure(`${silent}: connection refused`, startFix(url));
  if (name === "TimeoutError")
    return failure(`${silent}: nothing came in time`, "see how the server is: dragoman healthcheck");
  if (UNKNOWN_HOST.has(code))
    return failure(`there is no host ${url.hostname}`, "check the address: --url (env DRAGOMAN_URL)");
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return failure(
      `the certificate of ${url.host} is not trusted: ${messageOf(fault)}`,
      "use the address that the certificate names, or trust its issuer: NODE_EXTRA_CA_CERTS=FILE",
    );
  return failure(`${silent}: ${messageOf(fault)}`, startFix(url));
}

const REFUSED = new Set(["ECONNREFUSED", "ConnectionRefused", "ECONNRESET", "ConnectionClosed"]);
const UNKNOWN_HOST = new Set(["ENOTFOUND", "EAI_AGAIN", "DNSException", "FailedToOpenSocket"]);

function startFix(url: URL): string {
  if (!isLoopback(url)) return "check the address (--url, env DRAGOMAN_URL), and that the server runs";
  const [other] = devServers();
  return other === undefined
    ? "is a server running? start one: dragoman dev"
    : `a dev runs elsewhere: --url ${other.url}`;
}

/** What a server's refusal means to a person at a terminal: its words, and what to type. */
export function explainRefusal(url: URL, proof: Proof, refused: Refused): Failure {
  const { status } = refused;
  const problem = parseJson(refused.body);
  if (status < 400 || !isObject(problem) || typeof problem["detail"] !== "string")
    return strange(url, refused);
  const [what, advice] = sentences(problem["detail"]);
  const told = `${what}${fieldsOf(problem["errors"])}`;
  const text = { type: String(problem["type"]), detail: problem["detail"] };
  const expired = text.type.endsWith("token-expired") ? explainExpiry(proof) : null;
  if (expired !== null) return expired;
  const fix = fixOf(refused, proof, text) ?? advice;
  return failure(told, fix ?? "see: dragoman --help", status === 400 ? EXIT.usage : EXIT.failure);
}

interface ProblemText {
  readonly type: string;
  readonly detail: string;
}

function strange(url: URL, { status, server, location }: Refused): Failure {
  const who = server ? ` (${server})` : "";
  const fix = "check the address: --url (env DRAGOMAN_URL)";
  return location
    ? failure(`${url.origin}${who} sends elsewhere: ${location}`, fix)
    : failure(`${url.origin}${who} answers ${status}, but not as Dragoman does`, fix);
}

function fieldsOf(errors: unknown): string {
  if (!Array.isArray(errors)) return "";
  const fields = (errors as readonly { path?: unknown; message?: unknown }[]).map(
    ({ path, message }) => `${String(path)} ${String(message)}`,
  );
  return fields.length === 0 ? "" : `: ${fields.join("; ")}`;
}

/** By status; undefined where the server's own advice is the best. */
function fixOf(
  { status, retryAfter, path }: Refused,
  proof: Proof,
  { type, detail }: ProblemText,
): string | undefined {
  // Some dialects refuse a bad proof with 403.
  if (status === 401 || /:(?:token|key|ticket)-/.test(type)) return unauthenticatedFix(proof, type);
  if (status === 403) return forbiddenFix(proof, detail);
  if (status === 404) return missingFix(path);
  if (status === 429 || status === 503)
    return `try again${retryAfter === null ? " in a moment" : ` in ${retryAfter} s`}`;
  return undefined;
}

/** Where one sees what there is, by what was asked for. */
const LISTS: readonly (readonly [RegExp, string])[] = [
  [/\/admin\/users\//, "see who was here: dragoman user list"],
  [/\/workspaces\//, "see what there is: dragoman workspace list"],
  [/\/notifications\//, "see what there is: dragoman inbox USER"],
  [/\/(?:rooms|messages)\//, "see what there is: dragoman room list"],
];

const missingFix = (path: string): string =>
  LISTS.find(([pattern]) => pattern.test(path))?.[1] ??
  "the server may be older than this program; see its version: dragoman stats";

function unauthenticatedFix(proof: Proof, type: string): string {
  if (proof.key !== undefined) return "make a key beside the server's data: dragoman key create backend";
  if (proof.userId !== undefined)
    return `the server has another secret than ${proof.from}: name its folder with --data-dir FOLDER, set its JWT_SECRET, or give a token`;
  if (type.endsWith("token-expired")) return FRESH_TOKEN;
  return `${proof.from} holds no token of this server; make one beside its data: dragoman token USER`;
}

const FRESH_TOKEN = "make a fresh one beside the server's data: dragoman token USER --ttl 24h";

function forbiddenFix({ key, implied }: Proof, detail: string): string | undefined {
  if (key !== undefined || implied) return undefined;
  const asAdmin = "without --as on the server's machine, or with --key KEY";
  return /admin/i.test(detail)
    ? `act as an admin: ${asAdmin}`
    : `ask for membership (dragoman room members add ROOM USER), or act as an admin: ${asAdmin}`;
}

/** What is told of a token that is too old; null where that is not what is wrong with it. */
export function explainExpiry({ token, from }: Pick<Proof, "token" | "from">): Failure | null {
  const claims = token === undefined ? null : claimsIn(token());
  const exp = Number(claims?.["exp"]) * 1000;
  const now = Date.now();
  if (!(exp < now)) return null;
  const name = claims?.["username"] ?? claims?.["sub"];
  const who = typeof name === "string" ? name : "USER";
  const clock = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return failure(
    `the token of ${from} expired ${ago(now - exp)} ago (exp ${clock(exp)}, now ${clock(now)})`,
    `make a fresh one beside the server's data: dragoman token ${shellWord(who)} --ttl 24h`,
  );
}
