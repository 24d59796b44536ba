import { useEffect, useState } from "preact/hooks";

const PAGES = ["guide", "websocket", "http", "events"] as const;
export type PageKind = (typeof PAGES)[number];

/** What the address names: `#/guide/resume/over-http` is the part `over-http` of the guide `resume`. */
export interface Route {
  readonly page: PageKind;
  readonly name: string;
  readonly part: string | null;
}

const HOME: Route = { page: "guide", name: "start", part: null };

/** An address that names nothing is the first page. */
function parseRoute(hash: string): Route {
  const [page, name, part] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const known = PAGES.find((kind) => kind === page);
  if (known === undefined) return HOME;
  if (known === "events") return { page: known, name: "", part: name || null };
  return name === undefined || name === "" ? HOME : { page: known, name, part: part || null };
}

export function hrefOf(page: PageKind, ...names: readonly string[]): string {
  return `#/${[page, ...names].map((name) => encodeURIComponent(name).replaceAll("%3A", ":")).join("/")}`;
}

/** The route of the address, as it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
