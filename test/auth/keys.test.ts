import { describe, expect, test } from "bun:test";
import { createKeyList, generateKey, hashKey } from "../../src/auth/keys.ts";
import { hs256Token, refusalOf, testAuth, userOf } from "./support.ts";

test("a generated key has its prefix, 256 random bits and its own hash", () => {
  const { key, hash } = generateKey();
  expect(key).toMatch(/^dgk_[\w-]{43}$/);
  expect(hash).toBe(hashKey(key));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(generateKey().key).not.toBe(key);
});

test("a hash is the SHA-256 that other tools give", () => {
  expect(hashKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("the list finds a key at its place, whatever the lengths", () => {
  const placeOf = createKeyList(["a", "a longer one", "ключ"]);
  expect([
    placeOf("a"),
    placeOf("a longer one"),
    placeOf("ключ"),
    placeOf(""),
    placeOf("b"),
    placeOf("a longer on"),
  ]).toEqual([0, 1, 2, -1, -1, -1]);
});

describe("verifyKey", () => {
  const { key, hash } = generateKey();
  const asked: string[] = [];
  const auth = testAuth(
    {},
    {
      apiKeys: ["first", "", " second ", "a.b.c"],
      keys: {
        async findKey(wanted) {
          asked.push(wanted);
          return wanted === hash ? { id: "k1", name: "billing" } : null;
        },
        holds: async (id) => id === "k1",
      },
    },
  );

  test("accepts a stored key under its name, for ever and for everything", async () => {
    expect(await auth.verifyKey(key)).toEqual({
      kind: "key",
      id: "billing",
      keyId: "k1",
      username: "billing",
      admin: true,
      rooms: [],
      workspaces: [],
      expiresAt: Infinity,
    });
  });

  test("accepts keys from API_KEYS without asking the store", async () => {
    asked.length = 0;
    const names = await Promise.all(
      ["first", "second", "a.b.c"].map(async (given) => userOf(await auth.verifyKey(given)).id),
    );
    expect(names).toEqual(["api-key-1", "api-key-2", "api-key-3"]);
    expect(asked).toEqual([]);
  });

  test("gives the store the hash only", async () => {
    asked.length = 0;
    refusalOf(await auth.verifyKey("unknown"));
    expect(asked).toEqual([hashKey("unknown")]);
  });

  test.each([
    ["an unknown key", "unknown"],
    ["no key", ""],
    ["a stored hash", hash],
    ["a key with one more letter", `${key}x`],
    ["a key in other case", key.toUpperCase()],
    ["an endless key", "x".repeat(100_000)],
  ])("refuses %s", async (_, given) => {
    expect(refusalOf(await auth.verifyKey(given))).toEqual({
      refused: "KEY_INVALID",
      detail: "The service key is not known here. Create one with: dragoman key create <name>",
    });
  });

  test("recognises a token that was cut off", async () => {
    const [head, body] = hs256Token().split(".");
    expect(refusalOf(await auth.verifyKey(`${head}.${body}`)).detail).toContain("token cut off");
  });

  test("rejects when the store does, so that a fault is not taken for a wrong key", async () => {
    const broken = testAuth(
      {},
      { keys: { findKey: () => Promise.reject(new Error("disk")), holds: async () => false } },
    );
    await expect(broken.verifyKey("any")).rejects.toThrow("disk");
  });
});
