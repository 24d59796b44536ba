/** How the two documents are served. */
import { describe, expect, test } from "bun:test";
import { http } from "../support/http.ts";
import { startServer } from "../support/server.ts";

const DOCUMENTS = ["/openapi.json", "/asyncapi.json"] as const;

interface Served {
  readonly servers: unknown;
}

describe("each document", () => {
  for (const path of DOCUMENTS) {
    test(`${path} is the same text each time, under a strong ETag that spares the next answer`, async () => {
      await using server = await startServer();
      const one = await http(server).fetch("GET", path);
      const two = await http(server).fetch("GET", path);
      expect(await one.text()).toBe(await two.text());
      const etag = one.headers.get("etag") ?? "";
      expect(etag).toMatch(/^"[\w-]+"$/);
      expect(two.headers.get("etag")).toBe(etag);
      const again = await http(server).fetch("GET", path, undefined, { "if-none-match": `"x", ${etag}` });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    });

    test(`${path} needs no proof, and is of another server the same but for its address`, async () => {
      await using one = await startServer();
      await using two = await startServer();
      const documents = await Promise.all(
        [one, two].map(async (server) => (await http(server).get(path)).body as Served),
      );
      const [a, b] = documents.map((document) => JSON.stringify({ ...document, servers: null }));
      expect(a).toBe(b as string);
    });
  }
});

describe("servers are the address that was asked for", () => {
  const serversOf = async (
    settings: { trustedProxies?: readonly string[] },
    headers: Readonly<Record<string, string>>,
  ): Promise<unknown> => {
    await using server = await startServer({ trustedProxies: [...(settings.trustedProxies ?? [])] });
    const { get } = http(server);
    const answers = await Promise.all(DOCUMENTS.map((path) => get(path, headers)));
    const { host } = new URL(server.url);
    const text = JSON.stringify(answers.map(({ body }) => (body as Served).servers));
    const [http_, sockets] = JSON.parse(text.replaceAll(host, "HOST")) as [
      { url: string }[],
      Record<string, { host: string; protocol: string }>,
    ];
    return [http_[0]?.url, sockets.here?.protocol, sockets.here?.host];
  };
  const FORWARDED = { "x-forwarded-host": "rt.example.com", "x-forwarded-proto": "https" };

  test("by its own name", async () => {
    expect(await serversOf({}, {})).toEqual(["http://HOST", "ws", "HOST"]);
  });

  test("as a trusted proxy tells it", async () => {
    expect(await serversOf({ trustedProxies: ["127.0.0.1"] }, FORWARDED)).toEqual([
      "https://rt.example.com",
      "wss",
      "rt.example.com",
    ]);
  });

  test("not as anybody else tells it", async () => {
    expect(await serversOf({}, FORWARDED)).toEqual(["http://HOST", "ws", "HOST"]);
    expect(await serversOf({ trustedProxies: ["10.0.0.0/8"] }, FORWARDED)).toEqual([
      "http://HOST",
      "ws",
      "HOST",
    ]);
  });

  test("never by what is no name", async () => {
    const odd = { "x-forwarded-host": 'evil"/><script>', "x-forwarded-proto": "javascript" };
    expect(await serversOf({ trustedProxies: ["127.0.0.1"] }, odd)).toEqual(["http://HOST", "ws", "HOST"]);
  });
});
