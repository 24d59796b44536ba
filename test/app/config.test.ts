import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loadConfig } from "../../src/app/config.ts";
import type { ConfigInput } from "../../src/app/config-input.ts";
import { formatProblem, type Problem } from "../../src/app/config-problem.ts";
import type { Settings } from "../../src/app/settings.ts";

const CWD = "/srv/app";
const SECRET = "0123456789abcdef0123456789abcdef";

type Given = Partial<Omit<ConfigInput, "readFile" | "cwd">> & { files?: Record<string, string> };

function load({ files = {}, ...given }: Given = {}) {
  return loadConfig({
    command: "serve",
    flags: {},
    env: {},
    cwd: CWD,
    readFile(path) {
      const text = Object.entries(files).find(([name]) => join(CWD, name) === path || name === path)?.[1];
      if (text === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: "ENOENT" });
      return text;
    },
    ...given,
  });
}

function good(given: Given) {
  const result = load(given);
  if ("problems" in result)
    throw new Error(result.problems.map((problem) => formatProblem(problem, false)).join("\n"));
  return result;
}

function bad(given: Given): readonly Problem[] {
  const result = load(given);
  if ("settings" in result) throw new Error("it was accepted");
  return result.problems;
}

const toml = (text: string): Given => ({ files: { "dragoman.toml": text } });

describe("defaults", () => {
  test("serve asks for proof and listens everywhere; dev is open and listens on loopback", () => {
    expect(good({ command: "serve" }).settings).toMatchObject({
      access: "members",
      diary: "token",
      host: "0.0.0.0",
      dataDir: "./dragoman_data",
      port: 8000,
    });
    const dev = good({ command: "dev" }).settings;
    expect(dev).toMatchObject({ access: "open", diary: "open", host: "127.0.0.1" });
    expect(dev.dataDir).toBeUndefined();
  });

  test("the type of Settings follows the table", () => {
    const settings: Settings = good({}).settings;
    const port: number = settings.port;
    const access: "members" | "open" = settings.access;
    const origins: readonly string[] = settings.corsOrigins;
    // @ts-expect-error: in dev there is none
    const folder: string = settings.dataDir;
    expect([port, access, origins, folder]).toEqual([8000, "members", [], "./dragoman_data"]);
  });
});

describe("precedence", () => {
  test("flag wins over environment over file over TOML over default", () => {
    const files = { "dragoman.toml": "max_connections = 1", limit: "2\n" };
    const env = { MAX_CONNECTIONS_FILE: "limit" };
    const value = (given: Given) => {
      const { settings, sources } = good({ files, ...given });
      return [settings.maxConnections, sources.MAX_CONNECTIONS];
    };
    expect(value({ files: {} })).toEqual([0, "default"]);
    expect(value({})).toEqual([1, "toml:dragoman.toml:1"]);
    expect(value({ env })).toEqual([2, "file:limit"]);
    expect(value({ env: { MAX_CONNECTIONS: "3" } })).toEqual([3, "env"]);
    expect(value({ env: { MAX_CONNECTIONS: "3" }, flags: { maxConnections: "4" } })).toEqual([4, "flag"]);
  });

  test("an empty environment value or flag counts as unset", () => {
    const { settings, sources } = good({ env: { PORT: "", JWT_SECRET_FILE: "" }, flags: { port: "" } });
    expect([settings.port, sources.PORT, settings.jwtSecret]).toEqual([8000, "default", undefined]);
  });

  test("of NAME and NAME_FILE the former wins, with a warning", () => {
    const { settings, warnings } = good({ env: { JWT_SECRET: SECRET, JWT_SECRET_FILE: "nowhere" } });
    expect(settings.jwtSecret).toBe(SECRET);
    expect(warnings).toEqual([
      {
        what: "JWT_SECRET and JWT_SECRET_FILE are both set; JWT_SECRET wins",
        where: "env JWT_SECRET_FILE",
        fix: "unset one of them",
      },
    ]);
  });

  test("a file loses one line end, not more", () => {
    expect(good({ files: { s: `${SECRET}\r\n` }, env: { JWT_SECRET_FILE: "s" } }).settings.jwtSecret).toBe(
      SECRET,
    );
    expect(good({ files: { s: `${SECRET}\n\n` }, env: { JWT_SECRET_FILE: "s" } }).settings.jwtSecret).toBe(
      `${SECRET}\n`,
    );
  });

  test("a missing or empty NAME_FILE stops the start", () => {
    expect(bad({ env: { PORT_FILE: "gone" } })).toEqual([
      {
        what: '"gone" cannot be read: there is no such file',
        where: "env PORT_FILE",
        fix: "give the path of a file that holds the value, or set PORT",
      },
    ]);
    expect(bad({ files: { s: "\n" }, env: { JWT_SECRET_FILE: "s" } })[0]?.what).toBe("the file is empty");
  });
});

describe("the TOML file", () => {
  test("is the one named by --config, else by DRAGOMAN_CONFIG, else ./dragoman.toml if present", () => {
    const files = { "a.toml": "port = 1", "/etc/b.toml": "port = 2", "dragoman.toml": "port = 3" };
    const env = { DRAGOMAN_CONFIG: "/etc/b.toml" };
    expect(good({ files, env, configFile: "a.toml" }).sources.PORT).toBe("toml:a.toml:1");
    expect(good({ files, env }).sources.PORT).toBe("toml:/etc/b.toml:1");
    expect(good({ files }).settings.port).toBe(3);
    expect(bad({ configFile: "gone.toml" })[0]).toMatchObject({
      where: "--config",
      what: '"gone.toml" cannot be read: there is no such file',
    });
    expect(bad({ env })[0]?.where).toBe("env DRAGOMAN_CONFIG");
  });

  test("an unknown key in it stops the start", () => {
    expect(bad(toml("weather = 1"))).toEqual([
      {
        what: 'unknown key "weather"',
        where: "dragoman.toml:1",
        fix: "remove it; all keys: dragoman config",
      },
    ]);
  });

  test("a value of the wrong type is a problem, also where another source wins", () => {
    const given = {
      ...toml('port = "x"\njwt_secret = 123456\naccess = true\ncors_origins = [1]\nhost = ""'),
      env: { PORT: "80" },
    };
    expect(
      bad(given)
        .map(({ where, what }) => `${where} ${what}`)
        .toSorted(),
    ).toEqual([
      'dragoman.toml:1 port: "x" is not a port',
      "dragoman.toml:2 jwt_secret: the value has the wrong type",
      "dragoman.toml:3 access: the value has the wrong type",
      "dragoman.toml:4 cors_origins: the value has the wrong type",
      "dragoman.toml:5 host: the value is empty",
    ]);
  });
});

describe("problems", () => {
  test("all are told, not only the first", () => {
    const env = { PORT: "eighty", ACCESS: "opne", WS_HEARTBEAT_INTERVAL: "5", TLS_CERT: "gone.pem" };
    expect(bad({ env }).map(({ where }) => where)).toEqual([
      "env PORT",
      "env WS_HEARTBEAT_INTERVAL",
      "env ACCESS",
      "env TLS_CERT",
      "env TLS_CERT",
    ]);
  });

  test("are printed as what and fix, in colour if wished, and cannot forge lines", () => {
    const problem = { what: "a\nb\u001b[2J", where: "--port", fix: "c" };
    expect(formatProblem(problem, false)).toBe("error  --port  a\\nb\\u001b[2J\nfix    c");
    expect(formatProblem(problem, true, "warn")).toBe(
      "\u001b[1;33mwarn\u001b[0m   --port  a\\nb\\u001b[2J\n\u001b[36mfix\u001b[0m    c",
    );
    expect(formatProblem({ what: "w", where: "", fix: "f" }, false)).toBe("error  w\nfix    f");
  });

  test("settings of a later version stop the start", () => {
    expect(bad({ env: { DATABASE_URL: "postgres://u:pass@db/x" } })).toEqual([
      {
        what: "PostgreSQL is not available in this version",
        where: "env DATABASE_URL",
        fix: "unset DATABASE_URL to use the embedded SQLite",
      },
    ]);
    expect(bad(toml('redis_url = "redis://x"'))[0]).toMatchObject({
      what: "Redis is not available in this version",
      where: "dragoman.toml:1",
    });
  });

  test("TLS needs both files, and both must be readable", () => {
    const files = { "c.pem": "C", "k.pem": "K" };
    expect(good({ files, env: { TLS_CERT: "c.pem", TLS_KEY: "k.pem" } }).settings.tlsKey).toBe("k.pem");
    expect(bad({ files, flags: { tlsKey: "k.pem" } })).toEqual([
      {
        what: "TLS_KEY is set without TLS_CERT",
        where: "--tls-key",
        fix: "set TLS_CERT too, or unset TLS_KEY for plain HTTP",
      },
    ]);
  });
});

describe("warnings", () => {
  const warned = (given: Given) => good(given).warnings.map(({ where, fix }) => `${where}: ${fix}`);

  test("a variable that is nearly a setting is told of", () => {
    expect(
      warned({
        env: { MAX_CONECTIONS_PER_USER: "9", JWT_SECERT_FILE: "/run/x", API_KEY: "k", log_level: "debug" },
      }),
    ).toEqual([
      "env MAX_CONECTIONS_PER_USER: did you mean MAX_CONNECTIONS_PER_USER?",
      "env JWT_SECERT_FILE: did you mean JWT_SECRET_FILE?",
      "env API_KEY: did you mean API_KEYS?",
      "env log_level: did you mean LOG_LEVEL?",
    ]);
  });

  test("a usual environment is not", () => {
    const names =
      "PATH HOME HOSTNAME LANG SHELL TERM USER PWD LOGNAME TZ NO_COLOR NODE_ENV " +
      "POST SUCCESS PROCESS XDG_DATA_DIRS DRAGOMAN_CONFIG_X SSL_CERT_FILE LOG_FILE";
    expect(warned({ env: Object.fromEntries(names.split(" ").map((name) => [name, "x"])) })).toEqual([]);
  });

  test("a secret as a flag, a webhook that is never asked", () => {
    expect(warned({ flags: { jwtSecret: SECRET } })).toEqual([
      "--jwt-secret: use the environment (JWT_SECRET) or a file (JWT_SECRET_FILE)",
    ]);
    expect(warned({ env: { ACCESS: "open", ACCESS_WEBHOOK_URL: "https://x.example" } })).toEqual([
      "env ACCESS_WEBHOOK_URL: set ACCESS=members",
    ]);
  });
});
