/** Everything that is mounted is described, and everything that is described is mounted. */
import { describe, expect, test } from "bun:test";
import { http } from "../support/http.ts";
import { type StartedServer, startServer } from "../support/server.ts";
import { operationsOf } from "./operations.ts";
import type { Document } from "./schemas.ts";

/** For people and their browsers: no part of the contract. */
const PAGES = [
  "GET /",
  "GET /console",
  "GET /console/assets/:file",
  "GET /docs",
  "GET /websocket_test.html",
  "GET /dragoman-client.js",
];

const read = async (server: StartedServer, path: string): Promise<Document> =>
  (await http(server).get(path)).body as Document;

const pathOf = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");

/** `GET /x`, of what Hono has; `ALL` is what tells which methods there are, and CORS. */
const mountedOn = (server: StartedServer): string[] =>
  server.app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !PAGES.includes(route))
    .map(pathOf);

async function describedBy(server: StartedServer): Promise<string[]> {
  const operations = operationsOf(await read(server, "/openapi.json"));
  const { channels } = await read(server, "/asyncapi.json");
  return [
    ...operations.map(({ method, path }) => `${method} ${path}`),
    ...Object.values(channels as Record<string, { address: string }>).map(({ address }) => `GET ${address}`),
  ];
}

describe("what is mounted and what is described are the same", () => {
  for (const diary of ["open", "token", "off"] as const) {
    test(`with DIARY=${diary}`, async () => {
      await using server = await startServer({ diary });
      const described = await describedBy(server);
      expect([...new Set(mountedOn(server))].toSorted()).toEqual(described.toSorted());
      expect(new Set(described).size).toBe(described.length);
    });
  }

  test("the pages that are excepted are there", async () => {
    await using server = await startServer();
    const mounted = new Set(server.app.routes.map(({ method, path }) => `${method} ${path}`));
    expect(PAGES.filter((page) => !mounted.has(page))).toEqual([]);
  });
});

describe("the names of operations", () => {
  test("are all different, and say what is done", async () => {
    await using server = await startServer();
    const names = operationsOf(await read(server, "/openapi.json")).map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  test("every tag is described", async () => {
    await using server = await startServer();
    const { tags } = await read(server, "/openapi.json");
    const silent = (tags as { name: string; description?: string }[]).filter((tag) => !tag.description);
    expect(silent).toEqual([]);
  });

  test("every parameter is", async () => {
    await using server = await startServer();
    const { paths } = await read(server, "/openapi.json");
    interface Parameter {
      readonly $ref?: string;
      readonly name?: string;
      readonly description?: string;
    }
    const all = Object.entries(paths as Record<string, Record<string, { parameters?: Parameter[] }>>);
    const silent = all.flatMap(([path, operations]) =>
      Object.values(operations).flatMap(({ parameters = [] }) =>
        parameters
          .filter(({ $ref, description }) => $ref === undefined && !description)
          .map(({ name }) => `${path} ${name}`),
      ),
    );
    expect(silent).toEqual([]);
  });
});
