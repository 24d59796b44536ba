/** Addresses, and the lines to paste that reach them from a terminal. */

export interface SocketTarget {
  /** `/ws/tasks/{workspace_id}`. */
  readonly address: string;
  readonly values: Readonly<Record<string, string>>;
  readonly token: string | null;
  /** A whole number, `latest`, or empty for none. */
  readonly lastEventId: string;
}

export interface HttpTarget {
  readonly method: string;
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  /** `Authorization: Bearer` takes tokens and keys alike. */
  readonly proof: string | null;
  /** Empty for none. */
  readonly body: string;
}

/** A path with its `{names}` filled in. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));

/** Names in a path that have no value yet. */
export const missing = (template: string, values: Readonly<Record<string, string>>): readonly string[] =>
  [...template.matchAll(/\{(\w+)\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => (values[name] ?? "").trim() === "");

/** `ws://…` for a page or server at `origin`; the token last, so that what precedes it can be read. */
export function socketUrl(origin: string, { address, values, token, lastEventId }: SocketTarget): string {
  const url = new URL(filled(address, values), origin.replace(/^http/, "ws"));
  if (lastEventId !== "") url.searchParams.set("last_event_id", lastEventId);
  if (token !== null) url.searchParams.set("token", token);
  return url.href;
}

export const wscatLine = (url: string): string => `wscat -c ${quoted(url)}`;

export function curlLine(origin: string, { method, path, values, proof, body }: HttpTarget): string {
  const parts = ["curl -i", method === "GET" ? "" : `-X ${method}`, quoted(origin + filled(path, values))];
  if (proof !== null) parts.push(`-H ${quoted(`Authorization: Bearer ${proof}`)}`);
  if (body !== "") parts.push(`-H ${quoted("Content-Type: application/json")}`, `-d ${quoted(body)}`);
  return parts.filter((part) => part !== "").join(" ");
}

/** Read alike by every shell between double quotes. */
const PLAIN = /^[\w:/.?=&%@+, -]*$/;

/** One word for a shell, whatever is in it. */
const quoted = (text: string): string =>
  PLAIN.test(text) ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`;
