import type { Context } from "hono";
import type { Auth } from "../auth/auth.ts";
import type { Clock } from "../core/clock.ts";
import type { DialectSettings } from "../core/endpoint.ts";
import type { Log } from "../core/log.ts";
import type { Meters } from "../core/meters.ts";
import type { Readiness } from "../core/readiness.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Office } from "../features/feature.ts";
import type { Hub } from "../hub/hub.ts";
import { Asked } from "./asked.ts";
import type { PageFile } from "./page-file.ts";

/** What a request is handled with: as the server took it; absent where the app is called directly. */
export interface Env {
  Bindings: { asked?: Asked };
}

export type RequestContext = Context<Env>;

/** The request that a route handles; `app.request()` leaves even `env` out. */
export const askedOf = (c: RequestContext): Asked =>
  (c.env as RequestContext["env"] | undefined)?.asked ?? new Asked(c.req.raw, undefined);

export interface HttpSettings extends DialectSettings {
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly maxBodyBytes: number;
  readonly metricsToken: string | undefined;
}

/** A rate: by user, key or address. */
export interface Buckets {
  take(key: string): { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };
}

/** Counted places, some for each address. */
export interface Slots {
  reserve(key: string): boolean;
  release(key: string): void;
}

/** Who was refused lately, by token and by address. */
export interface KnockGuard {
  refused(token: string | null, address: string): void;
  /** Seconds to wait, or null where the door is open. */
  blocked(token: string | null, address: string): number | null;
}

export interface HttpDeps {
  readonly hub: Hub;
  readonly auth: Auth;
  readonly dialects: readonly Dialect[];
  readonly settings: HttpSettings;
  readonly rates: {
    readonly http: Buckets;
    /** Of all that one address asks over HTTP. */
    readonly addresses: Buckets;
    readonly connects: Buckets;
    readonly logins: Buckets;
  };
  readonly knocks: KnockGuard;
  /** Handshakes under way. */
  readonly handshakes: Slots;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
  readonly version: string;
  readonly office: Pick<Office, "mint" | "signs">;
  /** How somebody becomes the console's first admin: by the code, or (`open`) by being on this machine. */
  readonly setup: { redeem(code: string): boolean; readonly open: boolean };
  /** A file for browsers, by its address. */
  readonly pages: (path: string) => Promise<PageFile | null>;
  /** What Prometheus reads. */
  readonly metrics: () => Promise<string>;
  /** Which parts are ready, for /readyz. */
  readonly ready: () => Promise<Readiness>;
}
