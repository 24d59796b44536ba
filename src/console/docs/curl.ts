/** A request as it is sent, and as it is shown. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The same request for a terminal; the proof stands as `$TOKEN`. */
export function curlOf({ method, url, headers, body }: HttpRequest): string {
  const parts = [
    `curl${method === "GET" ? "" : ` -X ${method}`} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`-d ${single(body)}`]),
  ];
  return parts.join(" \\\n  ");
}

/** In double quotes the shell puts in `$TOKEN`, and nothing else is touched. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\`]/g, "\\$&")}"`;
const single = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
