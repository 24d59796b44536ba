/** Secrets planted everywhere that somebody may put one, and looked for everywhere that somebody may read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { signHs256 } from "../../src/auth/sign.ts";
import { dragoman, type Program, start, tempFolder } from "../cli/program.ts";
import { Client, connect } from "../support/client.ts";
import { ALICE, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";

const SECRET = "plant-jwt-secret-0123456789abcdef";
const PLANTED = {
  apiKey: "plant-api-key-0123456789",
  metrics: "plant-metrics-token-0123456789",
  badKey: "plant-guessed-key-0123456789",
  generatedKey: `dgk_plant-${"x".repeat(37)}`,
  badTicket: "plant-guessed-ticket-0123456789",
  setupCode: "plant-setup-code-0123456789",
  password: "plant-password-0123",
  urlSecret: "plant-url-secret-0123",
  cookie: "plant-cookie-0123",
} as const;

const seconds = Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({ sub: String(ALICE.id), exp: seconds + 3600, rooms: ["*"], ...more });
const TOKENS = {
  good: signHs256(claims(), SECRET),
  admin: signHs256(claims({ sub: "1", role: "admin" }), SECRET),
  fresh: signHs256(claims({ exp: seconds + 7200 }), SECRET),
  expired: signHs256(claims({ exp: 1 }), SECRET),
  foreign: signHs256(claims({ sub: "67890" }), SECRET),
  forged: signHs256(claims({ sub: "root" }), "plant-another-secret-0123456789abcdef"),
} as const;

/** Handed in by frames. */
const FRAMED = [TOKENS.fresh, TOKENS.foreign, TOKENS.forged, TOKENS.expired, PLANTED.badKey];

/** The parts of a token that give access, or say whose it is. */
const partsOf = (token: string): string[] => token.split(".").slice(1);

const bearer = (proof: string) => ({ authorization: `Bearer ${proof}` });

/** Everything that was answered; what is given out on purpose is not among it. */
class Ear {
  readonly heard: string[] = [];
  readonly given: string[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown) {
    const answer = await fetch(new URL(path, this.#url), {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    this.heard.push(`${method} ${answer.status} ${JSON.stringify([...answer.headers])} ${text}`);
    return { status: answer.status, text };
  }

  /** What is answered once, to whom it belongs. */
  async take(path: string, headers: Record<string, string>, body: unknown, member: string): Promise<string> {
    const answer = await fetch(new URL(path, this.#url), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const taken = ((await answer.json()) as Record<string, string>)[member] ?? "";
    expect(taken.length).toBeGreaterThan(20);
    this.given.push(taken);
    return taken;
  }
}

/** Proofs of every kind at sockets: in the address, in headers, as subprotocol, in frames. */
async function sockets(url: string, ear: Ear, key: string): Promise<void> {
  const door = { url, wsUrl: url.replace("http", "ws"), token: () => "" };
  for (const path of Object.values(PATHS)) {
    const at = (query: Record<string, string>) => `${door.wsUrl}${path}?${new URLSearchParams(query)}`;
    for (const token of [TOKENS.expired, TOKENS.forged, PLANTED.badKey]) {
      for (const answer of [
        await knock(at({ token })),
        await knock(at({}), bearer(token)),
        await knock(at({}), { "sec-websocket-protocol": `bearer, ${token}` }),
        await knock(at({ ticket: PLANTED.badTicket }), {
          cookie: PLANTED.cookie,
          "x-api-key": PLANTED.badKey,
        }),
      ])
        ear.heard.push(JSON.stringify([answer.status, [...answer.headers], answer.body]));
    }
    const ticket = await ear.take("/api/v1/tickets", bearer(TOKENS.good), {}, "ticket");
    const clients: Client[] = [
      await connect(door, path, { token: TOKENS.good }),
      await connect(door, path, { headers: bearer(TOKENS.good) }),
      await connect(door, path, { protocols: ["bearer", TOKENS.good] }),
      await connect(door, path, { query: { ticket } }),
      await connect(door, path, { headers: { "x-api-key": key } }),
    ];
    const again = await knock(at({ ticket }));
    ear.heard.push(JSON.stringify([again.status, again.body]));
    // What is said in a focus session is told to those in it, whatever it is.
    const isRelayed = path === PATHS.focus || path === PATHS.v1Focus;
    for (const client of clients) {
      for (const token of isRelayed ? [] : FRAMED) {
        client.send({ type: "refresh", data: { token } });
        client.send({ type: "refresh", token, data: { token: { token } } });
      }
      await client.drain();
      ear.heard.push(...client.received.map((frame) => JSON.stringify(frame)));
      await client.close();
    }
  }
}

/** Proofs of every kind over HTTP, good and bad, where they belong and where they don't. */
async function requests(ear: Ear, key: string): Promise<void> {
  const bad = [TOKENS.expired, TOKENS.forged, PLANTED.badKey, PLANTED.generatedKey];
  const paths = [
    "/api/v1/presence/users",
    "/api/v1/nowhere",
    "/api/v1/notifications",
    "/api/v1/events",
    "/metrics",
  ];
  for (const path of paths) {
    for (const proof of bad) {
      await ear.ask("GET", path, bearer(proof));
      await ear.ask("GET", `${path}?token=${proof}`);
      await ear.ask("GET", path, { "x-api-key": proof, cookie: PLANTED.cookie });
      await ear.ask("GET", path, { authorization: `Basic ${btoa(`user:${proof}`)}` });
      await ear.ask("GET", path, {
        origin: `https://x/?token=${proof}`,
        referer: `https://x/?token=${proof}`,
      });
    }
    await ear.ask("GET", `${path}?ticket=${PLANTED.badTicket}`);
  }
  for (const proof of bad) {
    await ear.ask("POST", "/api/v1/notify/broadcast", bearer(proof), { message: "x" });
    await ear.ask("POST", "/api/v1/admin/setup", {}, { code: PLANTED.setupCode });
    await ear.ask("POST", "/api/v1/admin/keys", bearer(TOKENS.admin), { name: { token: proof }, key: proof });
    await ear.ask("POST", "/api/v1/admin/tokens", bearer(TOKENS.admin), `{"user_id": ${proof}`);
    await ear.ask("PATCH", "/api/v1/tasks/1", bearer(TOKENS.good), { token: proof, title: [proof] });
  }
  await ear.ask("GET", "/metrics", bearer(PLANTED.metrics));
  await ear.ask("GET", "/api/v1/presence/users", bearer(key));
  await ear.ask("GET", `/api/v1/presence/users?token=${TOKENS.good}`);
  const once = { ...bearer(TOKENS.admin), "idempotency-key": "one" };
  await ear.take("/api/v1/admin/tokens", once, { user_id: "5" }, "token");
}

/** Everything that admins may read. */
async function admin(ear: Ear): Promise<void> {
  const pages = ["stats", "connections", "settings", "keys", "users", "rooms", "security-log?limit=500"];
  for (const page of pages)
    expect((await ear.ask("GET", `/api/v1/admin/${page}`, bearer(TOKENS.admin))).status).toBe(200);
}

/** An admin looks on while proofs are sent in frames. */
async function watched(url: string, ear: Ear): Promise<void> {
  const door = { url, wsUrl: url.replace("http", "ws"), token: () => "" };
  const client = await connect(door, PATHS.native, { token: TOKENS.good });
  await client.next("welcome");
  const { text } = await ear.ask(
    "GET",
    `/api/v1/admin/connections?user_id=${ALICE.id}`,
    bearer(TOKENS.admin),
  );
  const [{ id }] = (JSON.parse(text) as { items: [{ id: number }] }).items;
  const stream = await fetch(`${url}/api/v1/admin/connections/${id}/frames`, {
    headers: bearer(TOKENS.admin),
  });
  for (const token of [TOKENS.fresh, TOKENS.forged, TOKENS.expired])
    client.send({ type: "refresh", data: { token } });
  await client.drain();
  await client.close();
  ear.heard.push(await stream.text());
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1"));

const settingsOf = (dataDir: string) => ({
  PORT: "0",
  DATA_DIR: dataDir,
  JWT_SECRET: SECRET,
  API_KEYS: PLANTED.apiKey,
  METRICS_TOKEN: PLANTED.metrics,
  ACCESS_WEBHOOK_URL: `http://user:${PLANTED.password}@127.0.0.1:9/?secret=${PLANTED.urlSecret}`,
  LOG_LEVEL: "debug",
  RATE_LIMIT_LOGINS: "0",
  RATE_LIMIT_HTTP: "0",
  RATE_LIMIT_CONNECTS: "0",
  MAX_CONNECTIONS_PER_USER: "0",
});

describe.each(["json", "pretty"])("with the log as %s", (format) => {
  test("no proof is in the log, in an answer, in a page of the console or in the data folder", async () => {
    using folder = tempFolder();
    const env = { ...settingsOf(join(folder.path, "data")), LOG_FORMAT: format };
    const server: Program = start(["serve"], { cwd: folder.path, env });
    await using _ = server;
    const [, found = ""] = await (format === "json" ? server.stderr : server.stdout).match(
      /(http:\/\/[\d.]+:\d+)/,
    );
    const url = found.replace("0.0.0.0", "127.0.0.1");
    const ear = new Ear(url);
    const key = await ear.take("/api/v1/admin/keys", bearer(TOKENS.admin), { name: "backend" }, "key");
    await sockets(url, ear, key);
    await requests(ear, key);
    await watched(url, ear);
    await server.stderr.match(/SOCKET_REFUSED/);
    // The security log is written each second.
    let noted = "";
    while (!noted.includes("login_failed"))
      noted = (await ear.ask("GET", "/api/v1/admin/security-log?limit=500", bearer(TOKENS.admin))).text;
    await admin(ear);
    expect(await server.end()).toBe(0);

    const secrets = [
      SECRET,
      ...Object.values(PLANTED),
      ...Object.values(TOKENS).flatMap(partsOf),
      ...ear.given.flatMap((given) => (given.includes(".") ? partsOf(given) : [given])),
    ];
    const places: Readonly<Record<string, readonly string[]>> = {
      stdout: [server.stdout.text],
      stderr: [server.stderr.text],
      answers: ear.heard,
      "data folder": filesIn(join(folder.path, "data")),
    };
    expect(ear.heard.length).toBeGreaterThan(200);
    for (const [place, texts] of Object.entries(places))
      for (const secret of secrets)
        expect([place, texts.filter((text) => text.includes(secret)).slice(0, 1), secret]).toEqual([
          place,
          [],
          secret,
        ]);
  }, 60_000);
});

/** Settings that cannot be, with what must not be repeated. */
const BAD_SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ["JWT_SECRET", "plant-short"],
  ["JWT_SECRET", "-----BEGIN PUBLIC KEY-----\nplant-pem\n-----END PUBLIC KEY-----"],
  ["JWT_PUBLIC_KEY", "-----BEGIN PRIVATE KEY-----\nplant-pem\n-----END PRIVATE KEY-----"],
  ["JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nplant-pem\n-----END PUBLIC KEY-----"],
  ["JWT_PUBLIC_KEY", `{"kty":"oct","k":"plant-jwk"}`],
  ["API_KEYS", "plant-short"],
  ["JWKS_URL", "https://user:plant-password@id.example.com/keys"],
  ["JWKS_URL", "ftp://id.example.com/?token=plant-token"],
  ["ACCESS_WEBHOOK_URL", "user:plant-password@example.com/?secret=plant-secret"],
  ["DATABASE_URL", "postgres://user:plant-password@db/x"],
  ["REDIS_URL", "redis://:plant-password@cache"],
  ["CORS_ORIGINS", "https://user:plant-password@example.com"],
];

describe.each(["serve", "check-config"])("dragoman %s", (command) => {
  test.each(BAD_SETTINGS)("with a bad %s does not repeat it (%#)", async (name, value) => {
    using folder = tempFolder();
    const env = { PORT: "0", DATA_DIR: join(folder.path, "data"), JWT_SECRET: SECRET, [name]: value };
    await using program = start([command], { cwd: folder.path, env });
    const code = await program.exited();
    const output = program.stdout.text + program.stderr.text;
    expect([code, /plant-/.exec(output)?.input ?? ""]).toEqual([78, ""]);
    expect(output).toContain(name);
  });
});

test("a server that cannot start, and one that is told what it does not know, repeat no secret", async () => {
  using folder = tempFolder();
  const env = settingsOf(join(folder.path, "data"));
  const taken = Bun.serve({ port: 0, fetch: () => new Response() });
  for (const args of [
    ["serve", "--port", String(taken.port), "--host", "127.0.0.1"],
    ["serve", "--jwt-secret", "plant-short"],
    ["serve", "--api-keys", "plant-short"],
    ["serve", "--metrics-token"],
    ["serve", "--config", join(folder.path, "plant.toml")],
    ["presence", "--url", "http://127.0.0.1:9", "--token", TOKENS.good],
    ["presence", "--url", `http://user:${PLANTED.password}@127.0.0.1:9`, "--key", PLANTED.badKey],
  ]) {
    const { code, stdout, stderr } = await dragoman(args, { cwd: folder.path, env });
    expect([args[0], code === 0]).toEqual([args[0], false]);
    for (const secret of [SECRET, "plant-short", ...Object.values(PLANTED), ...partsOf(TOKENS.good)])
      expect([args, (stdout + stderr).includes(secret)]).toEqual([args, false]);
  }
  await taken.stop(true);
});
