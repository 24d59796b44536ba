/** How bad it is: an error stops people, a warning will, a note is a choice to know of. */
export type Level = "ok" | "note" | "warn" | "error";

/** One thing that was looked at. */
export interface Finding {
  readonly level: Level;
  /** Stable, for programs: `upgrade.chat`, `disk.space`. */
  readonly check: string;
  readonly what: string;
  /** What follows from it; empty where all is well. */
  readonly why: string;
  /** What to do, in words; empty where all is well. */
  readonly fix: string;
  /** The same as lines of a proxy's configuration. */
  readonly caddy?: string | undefined;
  readonly nginx?: string | undefined;
}

export const good = (check: string, what: string): Finding => ({
  level: "ok",
  check,
  what,
  why: "",
  fix: "",
});

export const bad = (
  level: Exclude<Level, "ok">,
  check: string,
  what: string,
  why: string,
  fix: string | { readonly fix: string; readonly caddy: string; readonly nginx: string },
): Finding => ({ level, check, what, why, ...(typeof fix === "string" ? { fix } : fix) });

/** What a proxy has to be told, in the words of the two that people use most. */
export const PROXY_FIXES = {
  upgrade: {
    fix: "let the proxy pass the upgrade on to the server, over HTTP/1.1",
    caddy: "reverse_proxy 127.0.0.1:8000  # passes upgrades by itself; look for another proxy before it",
    nginx:
      "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
  },
  reach: {
    fix: "start the server, and let the proxy send everything to the address it listens on",
    caddy: "reverse_proxy 127.0.0.1:8000",
    nginx: "location / { proxy_pass http://127.0.0.1:8000; }",
  },
  closes: {
    fix: "let the proxy pass the connection through as it is, without a filter that rewrites or inspects WebSockets",
    caddy: "reverse_proxy 127.0.0.1:8000  # without a plugin that handles WebSockets by itself",
    nginx: "proxy_buffering off;  # and no module that inspects WebSockets",
  },
  idle: {
    fix: "let the proxy wait longer than WS_HEARTBEAT_INTERVAL, or make that shorter than the proxy waits",
    caddy: "# Caddy has no idle timeout for WebSockets; look at stream_timeout and at what stands before it",
    nginx: "proxy_read_timeout 120s;\nproxy_send_timeout 120s;",
  },
  forwarded: {
    fix: "let the proxy send the client's address, and name the proxy in TRUSTED_PROXIES",
    caddy: "reverse_proxy 127.0.0.1:8000  # sends X-Forwarded-For by itself",
    nginx: "proxy_set_header X-Forwarded-For $remote_addr;",
  },
  spoofed: {
    fix: "let the outermost proxy replace X-Forwarded-For instead of passing on what clients send, and name only your own proxies in TRUSTED_PROXIES",
    caddy: "# Caddy ignores what clients send unless trusted_proxies says otherwise: narrow that",
    nginx: "proxy_set_header X-Forwarded-For $remote_addr;",
  },
  host: {
    fix: "let the proxy pass on the name and scheme that the client asked for",
    caddy: "reverse_proxy 127.0.0.1:8000  # passes Host and X-Forwarded-Proto by itself",
    nginx: "proxy_set_header Host $host;\nproxy_set_header X-Forwarded-Proto $scheme;",
  },
  buffered: {
    fix: "let the proxy pass on each piece of an answer as it comes",
    caddy: "reverse_proxy 127.0.0.1:8000  # without response_buffers (buffer_responses before 2.7)",
    nginx: "proxy_buffering off;",
  },
  metrics: {
    fix: "set METRICS_TOKEN, or let the proxy refuse /metrics",
    caddy: "respond /metrics 404",
    nginx: "location = /metrics { return 404; }",
  },
} as const;
