import type { ConfigResult } from "../../app/config.ts";
import type { Sources } from "../../app/config-input.ts";
import type { Settings } from "../../app/settings.ts";
import { bad, type Finding, good } from "./finding.ts";

const GOOD_SECRET_BYTES = 32;
/** A secret of fewer different characters is a pattern. */
const LEAST_DIFFERENT = 10;
/** What people type when they are asked for a secret, and what examples have. */
const KNOWN_SECRETS =
  /^(.{0,8})(secret|changeme|change-me|change_me|password|default|example|test|dev|demo|jwt|your|123456|qwerty|letmein|supersecret|my)/i;

/**
 * What is configured: whether it is right, and whether it is what one wants on a public address. `madeSecret`
 * where the data folder has a secret that the server made.
 */
export function examineSettings(result: ConfigResult, madeSecret: boolean): readonly Finding[] {
  const told = result.warnings.map(({ what, where, fix }) =>
    bad(
      "warn",
      "settings.warning",
      where === "" ? what : `${where}: ${what}`,
      "It works, but perhaps not as meant.",
      fix,
    ),
  );
  if ("problems" in result)
    return [
      ...result.problems.map(({ what, where, fix }) =>
        bad(
          "error",
          "settings.problem",
          where === "" ? what : `${where}: ${what}`,
          "The server does not start so.",
          fix,
        ),
      ),
      ...told,
    ];
  const { settings } = result;
  const choices = CHOICES.filter(({ isSo }) => isSo(settings)).map(({ level, check, what, why, fix }) =>
    bad(level, check, what, why, fix),
  );
  return [
    ...(isElsewhere(result.sources) ? [ELSEWHERE] : []),
    secretFinding(settings, madeSecret),
    ...told,
    ...(choices.length === 0 ? [good("settings.choices", "no setting opens more than it has to")] : choices),
  ];
}

const WITH_SETTINGS =
  "run it as the server runs: with --config FILE, or its environment (set -a; . /etc/dragoman/dragoman.env)";
const ELSEWHERE = bad(
  "note",
  "settings.source",
  "no setting of the server is given here: the defaults were looked at",
  "A server with settings in its unit, container or file runs with others.",
  WITH_SETTINGS,
);

/** Not even one setting, but the folder that the doctor was shown. */
const isElsewhere = (sources: Sources): boolean =>
  Object.entries(sources).every(([name, source]) => source === "default" || name === "DATA_DIR");

function secretFinding({ jwtSecret, jwtPublicKey, jwksUrl }: Settings, madeSecret: boolean): Finding {
  const check = "secret.strength";
  if ((jwtSecret ?? jwtPublicKey ?? jwksUrl) === undefined && !madeSecret)
    return bad(
      "note",
      check,
      "there is no secret to look at",
      "A server without any makes a random one when it starts; one that is given a weak one is open to all.",
      WITH_SETTINGS,
    );
  if (jwtSecret === undefined)
    return good(
      check,
      (jwtPublicKey ?? jwksUrl) === undefined
        ? "the server has a random secret of its own (jwt.key)"
        : "tokens are checked with public keys",
    );
  const bytes = Buffer.byteLength(jwtSecret);
  const different = new Set(jwtSecret).size;
  const isKnown = KNOWN_SECRETS.test(jwtSecret) && bytes < 2 * GOOD_SECRET_BYTES;
  if (bytes >= GOOD_SECRET_BYTES && different >= LEAST_DIFFERENT && !isKnown)
    return good(check, `JWT_SECRET has ${bytes} bytes`);
  const what = isKnown
    ? "JWT_SECRET begins like the examples that everybody copies"
    : different < LEAST_DIFFERENT
      ? `JWT_SECRET has only ${different} different characters`
      : `JWT_SECRET has only ${bytes} bytes`;
  return bad(
    "error",
    check,
    what,
    "Whoever guesses it signs tokens for any user, admins too; one token is enough to try at leisure.",
    "make one, and give it to your backend as well: openssl rand -base64 48",
  );
}

interface Choice {
  readonly isSo: (settings: Settings) => boolean;
  readonly level: "note" | "warn" | "error";
  readonly check: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

const isLoopbackHost = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

const CHOICES: readonly Choice[] = [
  {
    isSo: ({ access }) => access === "open",
    level: "warn",
    check: "settings.access",
    what: "ACCESS is open",
    why: "Every user with a token may enter every room and workspace.",
    fix: "ACCESS=members",
  },
  {
    isSo: ({ diary }) => diary === "open",
    level: "warn",
    check: "settings.diary",
    what: "DIARY is open",
    why: "Anybody may connect there without a token, and tell all users something.",
    fix: "DIARY=token, or DIARY=off where nobody speaks it",
  },
  {
    isSo: ({ corsOrigins }) => corsOrigins.length === 0,
    level: "note",
    check: "settings.origins",
    what: "CORS_ORIGINS is unset",
    why: "Pages of any origin may open sockets with a token that they have, and none may call over HTTP.",
    fix: "CORS_ORIGINS=https://app.example.com, with the origins of your own pages",
  },
  {
    isSo: ({ trustedProxies }) => trustedProxies.some((network) => network.endsWith("/0")),
    level: "error",
    check: "settings.proxies",
    what: "TRUSTED_PROXIES holds every address",
    why: "Anybody can pretend to come from anywhere, and passes every limit of an address.",
    fix: "name your own proxies only, for example TRUSTED_PROXIES=127.0.0.1",
  },
  {
    isSo: ({ host, tlsCert, trustedProxies }) =>
      !isLoopbackHost(host) && tlsCert === undefined && trustedProxies.length === 0,
    level: "warn",
    check: "settings.tls",
    what: "the server speaks plain HTTP to the whole network",
    why: "Tokens can be read on the way, unless a proxy with TLS stands before it and nobody reaches past it.",
    fix: "HOST=127.0.0.1 and TRUSTED_PROXIES=127.0.0.1 behind a proxy on this machine; or TLS_CERT and TLS_KEY",
  },
  {
    isSo: ({ rateLimitFrames, rateLimitHttp, rateLimitConnects, rateLimitLogins }) =>
      [rateLimitFrames, rateLimitHttp, rateLimitConnects, rateLimitLogins].includes(0),
    level: "warn",
    check: "settings.rates",
    what: "a rate limit is off",
    why: "One client can take the whole server, or guess tokens without end.",
    fix: "leave RATE_LIMIT_… at their defaults, which trouble no person",
  },
  {
    isSo: ({ tokenExpiry }) => tokenExpiry === "ignore",
    level: "note",
    check: "settings.expiry",
    what: "TOKEN_EXPIRY is ignore",
    why: "Sockets outlive their tokens: who lost access stays until he leaves.",
    fix: "TOKEN_EXPIRY=close, once your clients refresh or reconnect",
  },
  {
    isSo: ({ metricsToken }) => metricsToken === undefined,
    level: "note",
    check: "settings.metrics",
    what: "METRICS_TOKEN is unset",
    why: "Only programs of the server's own machine can read /metrics.",
    fix: "METRICS_TOKEN_FILE with a random token, for a Prometheus elsewhere",
  },
];
