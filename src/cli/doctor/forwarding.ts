import { networkInterfaces } from "node:os";
import { isLoopback } from "../lib/address.ts";
import { bad, type Finding, good, PROXY_FIXES } from "./finding.ts";
import type { Reach } from "./reach.ts";

/** An address of a documentation network (RFC 5737): nobody has it. */
const NOBODY = "203.0.113.77";

/** What the server says of whoever asks. */
export interface Whoami {
  readonly address: string;
  readonly forwarded: "believed" | "ignored" | "missing" | "none";
  readonly host: string;
  readonly secure: boolean;
}

async function whoami(reach: Reach, more: Readonly<Record<string, string>> = {}): Promise<Whoami | null> {
  const answer = await reach.get("/api/v1/whoami", { ...reach.headers, ...more }).catch(() => null);
  return answer?.status === 200 ? ((await answer.json().catch(() => null)) as Whoami | null) : null;
}

export const WITH_PROOF = "say who you are: --token TOKEN, --key KEY, or run this beside the server's data";

/** Which address the server counts, whether it can be forged, and by which name it was asked. */
export async function examineAddress(reach: Reach, proxied: boolean): Promise<readonly Finding[]> {
  const check = "proxy.address";
  const seen = reach.proof === null ? null : await whoami(reach);
  if (seen === null)
    return [
      bad(
        "note",
        check,
        reach.proof === null
          ? "which address the server sees was not looked at"
          : "the server did not say which address it sees",
        "It tells only whom it knows.",
        WITH_PROOF,
      ),
    ];
  const forged = await whoami(reach, { "x-forwarded-for": NOBODY });
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  return [addressFinding({ url: reach.url, proxied, seen, forged, own }), nameFinding(reach, seen)];
}

/** What was seen of an address; `own` are those of this machine. */
export interface SeenAddress {
  readonly url: URL;
  readonly proxied: boolean;
  readonly seen: Whoami;
  /** With X-Forwarded-For naming nobody. */
  readonly forged: Whoami | null;
  readonly own: readonly string[];
}

const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/;
const SHARED = "All clients count as one address: they share its limits, and lock each other out.";

export function addressFinding({ url, proxied, seen, forged, own }: SeenAddress): Finding {
  const check = "proxy.address";
  if (forged?.address === NOBODY)
    // A proxy that adds the peer's address is fooled by nobody but its own machine, which is trusted.
    return isLoopback(url)
      ? bad(
          "warn",
          check,
          "the server believes whatever address a client on this machine claims to have",
          "If others are believed too, whoever changes it with each request passes every limit.",
          { ...PROXY_FIXES.spoofed, fix: `ask from another machine to know; and ${PROXY_FIXES.spoofed.fix}` },
        )
      : bad(
          "error",
          check,
          "the server believes whatever address a client claims to have",
          "Whoever changes it with each request passes every limit, and the security log names the wrong one.",
          PROXY_FIXES.spoofed,
        );
  if (seen.forwarded === "ignored")
    return bad(
      "warn",
      check,
      `a proxy forwards the client's address, but the server takes it for the client (${seen.address})`,
      `${SHARED} The server's log has FORWARDED_UNTRUSTED.`,
      {
        fix: `TRUSTED_PROXIES=${seen.address} for the server, if that is your proxy, and restart it`,
        caddy: "reverse_proxy 127.0.0.1:8000  # sends X-Forwarded-For already: nothing to change",
        nginx: "proxy_set_header X-Forwarded-For $remote_addr;  # is there already: nothing to change",
      },
    );
  // A proxy of its own machine that says nothing looks like a client of it.
  const isHidden = proxied && seen.forwarded === "none" && /^(127\.|0:0:0:0)/.test(seen.address);
  if (seen.forwarded === "missing" || isHidden)
    return bad(
      "error",
      check,
      "the proxy does not forward the client's address",
      SHARED,
      PROXY_FIXES.forwarded,
    );
  if (
    seen.forwarded === "none" &&
    !isLoopback(url) &&
    PRIVATE.test(seen.address) &&
    !own.includes(seen.address)
  )
    return bad(
      "warn",
      check,
      `the server sees you as ${seen.address}, which is not this machine's address`,
      `Something in between (a container's network, a proxy of TCP) hides who asks. ${SHARED}`,
      {
        ...PROXY_FIXES.forwarded,
        fix: "let a proxy that sends the client's address stand there and name it in TRUSTED_PROXIES, or give the container the host's network",
      },
    );
  return good(check, `the server sees you as ${seen.address}, and believes no claim of yours`);
}

function nameFinding({ url }: Reach, { host, secure }: Whoami): Finding {
  const check = "proxy.host";
  if (host !== url.host)
    return bad(
      "warn",
      check,
      `the server takes itself for ${host}, not ${url.host}`,
      "Its documents and the console name an address that clients cannot use, and foreign pages cannot be told from its own.",
      PROXY_FIXES.host,
    );
  if (secure !== (url.protocol === "https:"))
    return bad(
      "note",
      check,
      "the server does not know that clients speak https to it",
      "Its documents name ws:// and http:// addresses.",
      PROXY_FIXES.host,
    );
  return good(check, `the server knows its name, ${host}`);
}
