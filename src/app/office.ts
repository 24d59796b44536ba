import { randomBytes } from "node:crypto";
import { generateKey } from "../auth/keys.ts";
import type { CommandLine, TokenOrder, Warning } from "../core/admin.ts";
import { type Clock, isoTime } from "../core/clock.ts";
import type { MaybePromise } from "../core/command.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { toWireId } from "../core/ids.ts";
import type { Principal } from "../core/principal.ts";
import type { Office } from "../features/feature.ts";
import type { Sources } from "./config-input.ts";
import { signUserToken } from "./offline-token.ts";
import type { Settings } from "./settings.ts";
import type { ServerCommand } from "./settings-spec.ts";
import { viewSettings } from "./settings-view.ts";
import { VERSION } from "./version.ts";

export interface OfficeOptions {
  readonly settings: Settings;
  readonly sources: Sources | undefined;
  readonly commands: (() => CommandLine) | undefined;
  readonly command: ServerCommand;
  /** Undefined where the server has public keys only. */
  readonly jwtSecret: string | undefined;
  readonly clock: Clock;
  readonly warnings: () => readonly Warning[];
  readonly keysChanged: () => void;
  readonly verifyToken: (token: string) => MaybePromise<Principal | Refusal>;
}

const SIGNS_NONE =
  "This server checks tokens with public keys and signs none itself. Get a token from whoever has the private key, or use a service key (dragoman key create).";

/** What the hub and the admin's endpoints are told of the program around them. */
export function createOffice(options: OfficeOptions): Office {
  const { settings, sources, commands, command, jwtSecret, clock, warnings, keysChanged, verifyToken } =
    options;
  return {
    facts: () => ({
      version: VERSION,
      bun: Bun.version,
      platform: `${process.platform}-${process.arch}`,
      memory_bytes: process.memoryUsage.rss(),
    }),
    warnings,
    settings: () => viewSettings(settings, sources, command),
    commands: () => commands?.() ?? null,
    newKey: () => ({ id: randomBytes(4).toString("hex"), ...generateKey() }),
    keysChanged,
    signs: jwtSecret !== undefined,
    async mint(order) {
      if (jwtSecret === undefined) return refuse("CONFLICT", SIGNS_NONE);
      const token = signUserToken(settings, jwtSecret, tokenUserOf(order), clock.now());
      // Whatever this server itself would refuse is not handed out.
      const who = await verifyToken(token);
      if (isRefusal(who)) return refuse("BAD_FIELDS", who.detail);
      return { token, expires_at: isoTime(who.expiresAt * 1000) };
    },
  };
}

const tokenUserOf = ({ user_id, username, admin, ttl_seconds, rooms, workspaces }: TokenOrder) => ({
  id: user_id,
  ...(username === undefined ? {} : { username }),
  ttlSeconds: ttl_seconds,
  claims: {
    ...(admin === true ? { role: "admin" } : {}),
    ...(rooms === undefined ? {} : { rooms }),
    ...(workspaces === undefined ? {} : { workspaces: workspaces.map(toWireId) }),
  },
});
