import type { Address } from "../../app/dragoman.ts";
import { type Running, reachable } from "./running.ts";

/** The same for programs, with the address of sockets. */
export const addressesOf = ({ address }: Pick<Running, "address">) => ({
  url: reachable(address.url),
  ws_url: reachable(address.wsUrl),
  console: `${reachable(address.url)}/console/`,
  docs: `${reachable(address.url)}/docs`,
});

/** Rows of a banner: what a browser finds here. */
export function pageRows({ address }: Pick<Running, "address">): readonly (readonly [string, string])[] {
  const url = reachable(address.url);
  return [
    ["console", `${url}/console/`],
    ["docs", `${url}/docs · /openapi.json · /asyncapi.json`],
  ];
}

/** Where the console signs in with a code. Behind the `#` it is sent to no server and in no log. */
export const setupLink = ({ url }: Address, code: string): string =>
  `${reachable(url)}/console/#/setup/${code}`;
