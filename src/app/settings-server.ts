import type { SettingTable } from "./settings-spec.ts";

/** Where and how the server listens. */
export const SERVER = {
  PORT: {
    kind: "port",
    default: 8000,
    min: 0,
    max: 65535,
    unit: "port",
    help: "Port to listen on; 0 takes any free one.",
  },
  HOST: { kind: "host", default: { serve: "0.0.0.0", dev: "127.0.0.1" }, help: "Address to listen on." },
  TLS_CERT: {
    kind: "path",
    help: "Certificate chain (PEM file); with TLS_KEY the server speaks https and wss.",
  },
  TLS_KEY: { kind: "path", help: "Private key of TLS_CERT (PEM file)." },
  TRUSTED_PROXIES: {
    kind: "list",
    item: "network",
    default: [],
    help: "Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed.",
  },
  CORS_ORIGINS: {
    kind: "list",
    item: "origin",
    default: [],
    help: "Web origins that may call and connect, e.g. https://app.example.com.",
    doc: "Unset: no CORS headers over HTTP, and sockets from any page (a token is no cookie).",
  },
  WS_HEARTBEAT_INTERVAL: {
    kind: "seconds",
    default: 30,
    min: 8,
    max: 900,
    zero: "off",
    unit: "seconds",
    help: "Ping silent sockets and close those that do not answer.",
  },
} as const satisfies SettingTable;

/** Where data lives, and for how long. */
export const STORE = {
  DATA_DIR: {
    kind: "path",
    default: { serve: "./dragoman_data" },
    help: "Folder of the database and generated keys.",
    doc: "Unset in `dev`: everything is kept in memory.",
  },
  DURABILITY: {
    kind: "enum",
    values: ["full", "normal"],
    default: "full",
    help: "full survives a power cut; normal survives a crash of the process only.",
  },
  RETENTION_EVENTS_DAYS: {
    kind: "int",
    default: 30,
    min: 1,
    max: 36500,
    zero: "off",
    unit: "days",
    help: "Keep events for resume this long.",
  },
  RETENTION_EVENTS_MAX: {
    kind: "int",
    default: 1_000_000,
    min: 1000,
    max: 1_000_000_000,
    zero: "off",
    unit: "events",
    help: "Keep at most this many events.",
  },
  RETENTION_NOTIFICATIONS_DAYS: {
    kind: "int",
    default: 90,
    min: 1,
    max: 36500,
    zero: "off",
    unit: "days",
    help: "Keep notifications in inboxes this long.",
  },
  RETENTION_NOTIFICATIONS_MAX: {
    kind: "int",
    default: 1_000_000,
    min: 1000,
    max: 1_000_000_000,
    zero: "off",
    unit: "notifications",
    help: "Keep at most this many notifications in all inboxes together; the oldest go first.",
  },
  RETENTION_SECURITY_LOG_DAYS: {
    kind: "int",
    default: 30,
    min: 1,
    max: 36500,
    zero: "off",
    unit: "days",
    help: "Keep the security log this long.",
  },
  RETENTION_SECURITY_LOG_MAX: {
    kind: "int",
    default: 100_000,
    min: 1000,
    max: 1_000_000_000,
    zero: "off",
    unit: "entries",
    help: "Keep at most this many entries of the security log.",
  },
  DATABASE_URL: {
    kind: "secret",
    help: "PostgreSQL instead of the embedded SQLite (a later version).",
    later: {
      what: "PostgreSQL is not available in this version",
      fix: "unset DATABASE_URL to use the embedded SQLite",
    },
  },
  REDIS_URL: {
    kind: "secret",
    help: "Redis between several nodes (a later version).",
    later: { what: "Redis is not available in this version", fix: "unset REDIS_URL to run as one node" },
  },
} as const satisfies SettingTable;

/** Who is believed. */
export const TOKENS = {
  JWT_SECRET: {
    kind: "secret",
    minBytes: 16,
    goodBytes: 32,
    help: "Shared secret of HS256/384/512 tokens.",
    doc: "`openssl rand -hex 32` makes one. Without any key `serve` generates one in DATA_DIR.",
  },
  JWT_PUBLIC_KEY: {
    kind: "pem",
    help: "Public key (PEM) of RS, PS, ES or EdDSA tokens; its type fixes the algorithms.",
  },
  JWKS_URL: { kind: "url", help: "Address of the issuer's public keys (JWKS)." },
  JWT_ISSUER: { kind: "string", help: "Required iss claim." },
  JWT_AUDIENCE: { kind: "string", help: "Required aud claim." },
  JWT_USER_ID_CLAIM: { kind: "string", default: "sub", help: "Claim that holds the user's id." },
  TOKEN_EXPIRY: {
    kind: "enum",
    values: ["close", "ignore"],
    default: "close",
    help: "Whether a socket is closed when its token expires.",
  },
  API_KEYS: {
    kind: "list",
    item: "key",
    default: [],
    minBytes: 16,
    help: "Service keys of your backends; or: dragoman key create.",
  },
} as const satisfies SettingTable;
