import { beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { faultsOf } from "../../scripts/imports.ts";

const SCRIPT = resolve(import.meta.dir, "../../scripts/imports.ts");

/** Runs the checker over a tree made of these files. */
async function check(files: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  const root = await mkdtemp(join(tmpdir(), "imports-"));
  try {
    await Bun.write(join(root, "src/.keep"), "");
    for (const [path, text] of Object.entries(files)) await Bun.write(join(root, "src", path), text);
    const child = Bun.spawn([process.execPath, SCRIPT, root], { stdout: "pipe", stderr: "pipe" });
    const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
    return { code: await child.exited, said };
  } finally {
    await rm(root, { recursive: true });
  }
}

const imports = (...paths: string[]): string => paths.map((path) => `import "${path}";`).join("\n");

/** A small house in order; the planted faults below are added to it. */
const HOUSE = {
  "core/ids.ts": imports("zod", "./clock.ts"),
  "core/clock.ts": "export const now = 0;",
  "runtime/runtime.ts": imports("../core/ids.ts"),
  "runtime/bun.ts": imports("bun", "./runtime.ts"),
  "bus/bus.ts": imports("../core/ids.ts"),
  "bus/redis.ts": imports("ioredis", "./bus.ts"),
  "store/store.ts": imports("../core/ids.ts"),
  "store/sqlite/sqlite.ts": imports("bun:sqlite", "drizzle-orm", "../store.ts", "./tables.ts"),
  "store/sqlite/tables.ts": "",
  "access/access.ts": imports("../store/store.ts"),
  "auth/auth.ts": imports("jose", "../access/access.ts"),
  "dialects/dialect.ts": imports("../core/ids.ts"),
  "dialects/all.ts": imports("./chat/index.ts", "./diary/index.ts"),
  "dialects/chat/index.ts": imports("../dialect.ts", "./frames.ts"),
  "dialects/chat/frames.ts": imports("zod"),
  "dialects/diary/index.ts": imports("../dialect.ts"),
  "features/feature.ts": imports("../core/ids.ts", "../store/store.ts", "../access/access.ts"),
  "features/rooms.ts": imports("./feature.ts"),
  "features/tasks.ts": imports("./feature.ts"),
  "features/all.ts": imports("./rooms.ts", "./tasks.ts"),
  "hub/hub.ts": imports("../features/feature.ts", "../dialects/dialect.ts", "./registry.ts"),
  "hub/registry.ts": "",
  "client/client.ts": "",
  "console/page.ts": imports("../client/client.ts"),
  "http/app.ts": imports("hono", "../hub/hub.ts"),
  "app/assemble.ts": imports(
    "../store/sqlite/sqlite.ts",
    "../bus/redis.ts",
    "../runtime/bun.ts",
    "../http/app.ts",
  ),
  "app/dragoman.ts": `import type { Hono } from "hono";\n${imports("./assemble.ts", "../dialects/all.ts")}`,
  "cli/serve.ts": imports("commander", "../app/dragoman.ts", "../client/client.ts"),
  "main.ts": imports("./cli/serve.ts"),
};

/** The packages that the tree names, so that they are found from there. */
const PACKAGES = Object.fromEntries(
  ["@logtape", "commander", "drizzle-orm", "hono", "ioredis", "jose", "zod"].map((name) => [
    `../node_modules/${name}/index.js`,
    "",
  ]),
);

const FAULTS = [
  ["core-is-pure", "core", "node:fs"],
  ["core-is-pure", "core", "jose"],
  ["store-imports-upwards", "store", "../hub/hub.ts"],
  ["features-imports-upwards", "features", "../hub/hub.ts"],
  ["features-know-doors-only", "features", "../runtime/runtime.ts"],
  ["features-are-siblings", "features", "./rooms.ts"],
  ["dialects-are-siblings", "dialects/diary", "../chat/frames.ts"],
  ["dialects-by-its-door", "http", "../dialects/chat/index.ts"],
  ["all-is-the-default-list", "hub", "../dialects/all.ts"],
  ["hub-by-its-door", "http", "../hub/registry.ts"],
  ["store-by-its-door", "http", "../store/sqlite/tables.ts"],
  ["store-by-its-door", "app", "../store/sqlite/tables.ts"],
  ["bus-by-its-door", "hub", "../bus/redis.ts"],
  ["adapters-are-siblings", "store/postgres", "../sqlite/tables.ts"],
  ["runtime-by-its-door", "http", "../runtime/bun.ts"],
  ["client-stands-alone", "client", "../core/ids.ts"],
  ["client-without-builtins", "client", "node:crypto"],
  ["console-is-a-page", "console", "../hub/hub.ts"],
  ["hono-at-home", "hub", "hono"],
  ["hono-at-home-types", "app", "hono"],
  ["jose-at-home", "http", "jose"],
  ["drizzle-orm-at-home", "jobs", "drizzle-orm"],
  ["ioredis-at-home", "limits", "ioredis"],
  ["bun-at-home", "http", "bun"],
  ["bun-at-home", "store", "bun:sqlite"],
  ["commander-at-home", "app", "commander"],
  ["smol-toml-at-home", "http", "@logtape"],
  ["unknown-folder", "utils", "../core/ids.ts"],
  ["unresolvable", "hub", "./gone.ts"],
].map(([rule, folder, target], at) => ({ rule, target, path: `${folder}/fault-${at}.ts` }));

test("a tree that keeps to the rules passes", async () => {
  const { code, said } = await check({ ...HOUSE, ...PACKAGES });
  expect(said).toMatch(/^29 files keep to \d+ rules\n$/);
  expect(code).toBe(0);
});

test("a tree in which there is nothing to read fails", async () => {
  expect(await check({})).toEqual({ code: 1, said: expect.stringContaining("nothing to read") });
});

test("a reader that read no module fails, though it found no fault", () => {
  const faults = faultsOf(["src/core/ids.ts", "src/main.ts"], { modules: [], summary: { violations: [] } });
  expect(faults).toEqual(["2 of 2 files were not read: src/core/ids.ts, src/main.ts"]);
});

describe("in a tree with planted faults", () => {
  let found: Awaited<ReturnType<typeof check>>;

  beforeAll(async () => {
    found = await check({
      ...HOUSE,
      ...PACKAGES,
      ...Object.fromEntries(FAULTS.map(({ path, target }) => [path, `import "${target}";`])),
      "core/ring-a.ts": imports("./ring-b.ts"),
      "core/ring-b.ts": imports("./ring-a.ts"),
      "store/types.ts": `import type { Hub } from "../hub/hub.ts";`,
    });
  });

  test("the check fails", () => {
    expect(found.code).toBe(1);
  });

  test.each(FAULTS)("$rule names $path, which imports $target", ({ rule, path }) => {
    expect(found.said).toContain(`${rule}: src/${path} → `);
  });

  test("a ring is shown as the way round", () => {
    expect(found.said).toContain("circular: src/core/ring-a.ts → src/core/ring-b.ts → src/core/ring-a.ts");
  });

  test("an import of types alone counts too", () => {
    expect(found.said).toContain("store-imports-upwards: src/store/types.ts → src/hub/hub.ts");
  });
});
