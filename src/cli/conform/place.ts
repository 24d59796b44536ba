import type { Params } from "./steps.ts";

/** An address of the document, and where the tested server has it instead. */
export interface Moved {
  readonly from: string;
  readonly to: string;
}

/** Where the tested server is, and how its paths differ from the documented ones. */
export class Place {
  readonly #base: URL;
  readonly #moved: readonly Moved[];

  /** `base` may have a path, which comes before all others. */
  constructor(base: URL, moved: readonly Moved[]) {
    this.#base = base;
    // The longest first: the most exact wins.
    this.#moved = moved.toSorted((one, other) => other.from.length - one.from.length);
  }

  /** `http://host:8000`, without the path. */
  get origin(): string {
    return this.#base.href.replace(/\/$/, "");
  }

  http(path: string, params: Params, query: Params = {}): string {
    return this.#url(path, params, query).href;
  }

  socket(path: string, params: Params, query: Params = {}): string {
    const url = this.#url(path, params, query);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  /** As a person would write it, without a token. */
  path(path: string, params: Params): string {
    return this.#url(path, params, {}).pathname;
  }

  #url(path: string, params: Params, query: Params): URL {
    const there = this.#there(path);
    const filled = there.replace(/:([a-z_]+)/g, (whole, name: string) =>
      name in params ? encodeURIComponent(String(params[name])).replaceAll("%3A", ":") : whole,
    );
    const url = new URL(this.#base);
    const [pathname = "", search = ""] = filled.split("?");
    url.pathname = `${url.pathname.replace(/\/$/, "")}${pathname}`;
    url.search = search;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url;
  }

  #there(path: string): string {
    for (const { from, to } of this.#moved)
      if (path === from || path.startsWith(`${from}/`) || path.startsWith(`${from}?`))
        return to + path.slice(from.length);
    return path;
  }
}
