import { type ReadonlySignal, type Signal, signal } from "@preact/signals";

/** `#/connections/7?dialect=chat`: the view, the thing in it, and how it is filtered. */
export interface Place {
  readonly view: string;
  readonly id: string | null;
  readonly query: URLSearchParams;
}

export interface Router {
  readonly place: ReadonlySignal<Place>;
  /** The one-time code of `#/setup/<code>`. It leaves the address, and so the history, at once. */
  readonly code: Signal<string | null>;
  go(href: string): void;
  /** The address of a thing in this view, filtered as it is; null for the view alone. */
  to(id: string | number | null): string;
  /** Filters the view. The address tells it, so that it can be kept and sent on; going back is no step for each letter. */
  filter(name: string, value: string): void;
}

const HOME = "#/overview";

export function createRouter(): Router {
  const code = signal<string | null>(null);
  const read = (): Place => {
    const place = placeOf(location.hash);
    if (place.view !== "setup") return place;
    history.replaceState(null, "", HOME);
    code.value = place.id;
    return placeOf(HOME);
  };
  const place = signal(read());
  addEventListener("hashchange", () => {
    place.value = read();
  });
  return {
    place,
    code,
    go(href) {
      location.hash = href;
    },
    to: (id) => href(place.value.view, id, Object.fromEntries(place.value.query)),
    filter(name, value) {
      const { view, id, query } = place.peek();
      history.replaceState(null, "", href(view, id, { ...Object.fromEntries(query), [name]: value }));
      place.value = placeOf(location.hash);
    },
  };
}

function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...rest] = path.split("/");
  return {
    view: view === "" ? "overview" : view,
    id: rest.length === 0 ? null : decoded(rest.join("/")),
    query: new URLSearchParams(query),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `?a=1&b=2`, without what is empty; nothing where all is. */
export function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === null || value === "" ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** The address of a place in the console. */
export const href = (view: string, id?: string | number | null, parameters: Parameters = {}): string =>
  `#/${view}${id === undefined || id === null ? "" : `/${encodeURIComponent(id)}`}${queryOf(parameters)}`;
