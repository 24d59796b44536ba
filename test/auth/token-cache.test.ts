import { expect, test } from "bun:test";
import { TokenCache } from "../../src/auth/token-cache.ts";
import type { Principal } from "../../src/core/principal.ts";

const user = (id: string, expiresAt = 100): Principal => ({
  kind: "user",
  id,
  username: id,
  admin: false,
  rooms: [],
  workspaces: [],
  expiresAt,
});

test("the least recently used token makes room for the next", () => {
  const cache = new TokenCache(2);
  cache.set("a", user("a"), 0);
  cache.set("b", user("b"), 0);
  expect(cache.get("a", 0)?.id).toBe("a");
  cache.set("c", user("c"), 0);
  expect([cache.get("a", 0)?.id, cache.get("b", 0)?.id, cache.get("c", 0)?.id, cache.size]).toEqual([
    "a",
    undefined,
    "c",
    2,
  ]);
});

test("an expired token is dropped when it is asked for", () => {
  const cache = new TokenCache();
  cache.set("a", user("a", 100), 0);
  expect(cache.get("a", 99_999)?.id).toBe("a");
  expect(cache.get("a", 100_000)).toBeUndefined();
  expect(cache.size).toBe(0);
});

test("a check that began before the keys changed leaves nothing behind", () => {
  const cache = new TokenCache();
  const { generation } = cache;
  cache.clear();
  cache.set("a", user("a"), generation);
  expect(cache.size).toBe(0);
});

test("the token itself is not kept", () => {
  expect(TokenCache.keyOf("secret")).not.toContain("secret");
  expect(TokenCache.keyOf("secret")).toHaveLength(43);
});
