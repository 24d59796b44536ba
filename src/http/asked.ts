import type { Link } from "../hub/hub.ts";
import type { Server } from "../runtime/runtime.ts";

/** What stands behind the question mark; the first of its name counts. */
export type Query = Pick<URLSearchParams, "get">;

/** A request, whoever routed it; taken apart as far as it is looked at, and once. */
export class Asked {
  readonly request: Request;
  /** What took it; none where the app is called directly. */
  readonly server: Server<Link> | undefined;
  /** Whom it counts against, once that was worked out. */
  address: string | undefined;
  #path: string | undefined;
  #query: Query | undefined;
  #peer: string | undefined;

  constructor(request: Request, server: Server<Link> | undefined) {
    this.request = request;
    this.server = server;
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined;
  }

  /** The other end's address, as the kernel knows it. */
  get peer(): string {
    return (this.#peer ??= this.server?.addressOf(this.request) ?? "");
  }

  /** Seconds that it has from now on (0: any), where something took it. */
  idle(seconds: number): void {
    this.server?.idle(this.request, seconds);
  }

  /** The address's path as it was sent, nothing decoded. */
  get path(): string {
    return (this.#path ??= pathOf(this.request.url));
  }

  get query(): Query {
    return (this.#query ??= queryOf(this.request.url));
  }
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return url.slice(url.indexOf("/", url.indexOf("//") + 2), end < 0 ? url.length : end);
}

/** Tokens and cursors are mostly spelled without escapes, and then found without taking everything apart. */
function queryOf(url: string): Query {
  const mark = url.indexOf("?");
  const hash = url.indexOf("#");
  const text = mark < 0 ? "" : url.slice(mark + 1, hash < 0 ? url.length : hash);
  return text.includes("%") || text.includes("+")
    ? // It drops a question mark at the start, and there may be two.
      new URLSearchParams(`?${text}`)
    : { get: (name) => plainValue(text, name) };
}

function plainValue(text: string, name: string): string | null {
  for (let start = 0; start < text.length;) {
    const next = text.indexOf("&", start);
    const end = next < 0 ? text.length : next;
    const after = start + name.length;
    if (end > start && after <= end && text.startsWith(name, start)) {
      if (after === end) return "";
      if (text.charAt(after) === "=") return text.slice(after + 1, end);
    }
    start = end + 1;
  }
  return null;
}
