import { isIP } from "node:net";
import { connect } from "node:tls";
import { isLoopback, portOf } from "../lib/address.ts";
import { messageOf } from "../lib/failure.ts";
import { bad, type Finding, good } from "./finding.ts";
import type { Reach } from "./reach.ts";

const DAY_MS = 86_400_000;
const WARN_DAYS = 21;
const LEAST_DAYS = 7;

/** What a certificate says, and why it is not trusted here; null where it is. */
export interface Certificate {
  readonly validTo: string;
  readonly untrusted: string | null;
}

/** The certificate of the address; nothing where it has none. */
export async function examineCertificate({ url, now, timeoutMs }: Reach): Promise<readonly Finding[]> {
  const check = "tls.certificate";
  if (url.protocol !== "https:")
    return isLoopback(url)
      ? []
      : [
          bad(
            "error",
            "tls.plain",
            `${url.host} is asked over plain http`,
            "Tokens and messages can be read and changed on the way, and browsers refuse ws:// from https pages.",
            {
              fix: "serve it over https: a proxy with a certificate, or TLS_CERT and TLS_KEY",
              caddy: `${url.hostname} {\n\treverse_proxy 127.0.0.1:8000\n}`,
              nginx: "listen 443 ssl;\nssl_certificate …;\nssl_certificate_key …;",
            },
          ),
        ];
  try {
    return [judge(await certificateOf(url, timeoutMs), now(), url)];
  } catch (fault) {
    return [
      bad(
        "error",
        check,
        `no TLS connection to ${url.host}: ${messageOf(fault)}`,
        "No client gets any further.",
        "check the name, the port, and that what listens there speaks TLS",
      ),
    ];
  }
}

export function judge({ validTo, untrusted }: Certificate, nowMs: number, url: URL): Finding {
  const check = "tls.certificate";
  const days = Math.floor((Date.parse(validTo) - nowMs) / DAY_MS);
  const renew = {
    fix: "renew it, and let something renew it from now on; a server with TLS_CERT reads it when it starts",
    caddy: "# Caddy renews by itself: see journalctl -u caddy for why it did not",
    nginx: "# certbot renew && systemctl reload nginx",
  };
  if (days < 0)
    return bad(
      "error",
      check,
      `the certificate expired ${-days} days ago`,
      "Clients refuse to connect.",
      renew,
    );
  if (untrusted !== null && !isLoopback(url))
    return bad(
      "error",
      check,
      `the certificate is not trusted here: ${untrusted}`,
      "Clients refuse to connect, as this machine does.",
      "serve the whole chain (fullchain.pem), for this very name, of an authority that clients know",
    );
  if (days < WARN_DAYS)
    return bad(
      days < LEAST_DAYS ? "error" : "warn",
      check,
      `the certificate is good for ${days} days more`,
      "Then clients refuse to connect.",
      renew,
    );
  return good(check, `the certificate is good for ${days} days more`);
}

function certificateOf(url: URL, timeoutMs: number): Promise<Certificate> {
  const { promise, resolve, reject } = Promise.withResolvers<Certificate>();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = connect(
    {
      host,
      port: portOf(url),
      // A name only: RFC 6066 knows no addresses there.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    },
    () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      const { authorized, authorizationError } = socket;
      socket.destroy();
      resolve({ validTo, untrusted: authorized ? null : String(authorizationError) });
    },
  );
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error("it was not answered in time")));
  socket.on("error", reject);
  return promise;
}
