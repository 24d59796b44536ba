import { describe, expect, test } from "bun:test";
import { forgeHs, hs256Token, NOW, refusalOf, SECRET, testAuth, userOf, type Claims } from "./support.ts";

const verify = async (claims: Claims, settings: Claims = {}) =>
  testAuth({ jwtSecret: SECRET, ...settings }).verifyToken(hs256Token(claims));
const user = async (claims: Claims, settings: Claims = {}) => userOf(await verify(claims, settings));
const refusal = async (claims: Claims, settings: Claims = {}) => refusalOf(await verify(claims, settings));
/** For numbers that JSON.stringify would not write this way. */
const withRaw = async (json: string) => testAuth().verifyToken(forgeHs({ alg: "HS256" }, json));

describe("time", () => {
  test("an expired token is refused with how long ago, and the fix", async () => {
    expect(await refusal({ exp: NOW - 7200 })).toEqual({
      refused: "TOKEN_EXPIRED",
      detail: "The token expired 2 h ago (exp 2026-01-01T10:00:00.000Z). Get a fresh one.",
    });
  });

  test("a token expires at its exp, not after it", async () => {
    expect((await refusal({ exp: NOW })).refused).toBe("TOKEN_EXPIRED");
    expect((await user({ exp: NOW + 1 })).expiresAt).toBe(NOW + 1);
  });

  test.each([
    [1, "1 s"],
    [119, "119 s"],
    [120, "2 min"],
    [7199, "119 min"],
    [7200, "2 h"],
    [172_799, "47 h"],
    [172_800, "2 d"],
  ])("%d seconds ago reads %s", async (seconds, text) => {
    expect((await refusal({ exp: NOW - seconds })).detail).toContain(`expired ${text} ago`);
  });

  test("an exp before all calendars is expired all the same", async () => {
    expect((await refusal({ exp: -1e300 })).refused).toBe("TOKEN_EXPIRED");
  });

  test.each([
    ["missing", {}],
    ["a text", { exp: String(NOW + 60) }],
    ["null", { exp: null }],
    ["true", { exp: true }],
    ["a list", { exp: [NOW + 60] }],
  ])("an exp that is %s is refused", async (_, { exp }: Claims) => {
    const { refused, detail } = await refusal({ exp });
    expect(refused).toBe("TOKEN_INVALID");
    expect(detail).toContain("exp");
  });

  test("an infinite exp is refused", async () => {
    expect(refusalOf(await withRaw(`{"sub":"alice","exp":1e999}`)).detail).toContain("exp must be a number");
  });

  test("a token is refused before its nbf, with the moment", async () => {
    expect(await refusal({ nbf: NOW + 60 })).toEqual({
      refused: "TOKEN_INVALID",
      detail:
        "The token is valid in 60 s only (nbf 2026-01-01T12:01:00.000Z). Wait, or set the clocks right.",
    });
    expect((await user({ nbf: NOW })).id).toBe("alice");
  });

  test.each(["nbf", "iat"])("an %s that is no number is refused", async (name) => {
    expect((await refusal({ [name]: "soon" })).detail).toContain(`${name} must be a number`);
  });

  test("the tolerance moves both ends, and the moment a socket is closed with them", async () => {
    const settings = { clockToleranceSeconds: 30 };
    expect((await user({ exp: NOW - 29, nbf: NOW + 30 }, settings)).expiresAt).toBe(NOW + 1);
    expect((await refusal({ exp: NOW - 30 }, settings)).refused).toBe("TOKEN_EXPIRED");
    expect((await refusal({ nbf: NOW + 31 }, settings)).refused).toBe("TOKEN_INVALID");
  });
});

describe("the user's id", () => {
  test.each([
    ["alice", "alice"],
    ["007", "007"],
    [7, "7"],
    [0, "0"],
    [-5, "-5"],
    [1.5, "1.5"],
    [9007199254740991, "9007199254740991"],
    ["x".repeat(128), "x".repeat(128)],
    ["Ünïcode 🙂", "Ünïcode 🙂"],
  ])("%p becomes %p", async (sub, id) => {
    expect((await user({ sub })).id).toBe(id);
  });

  test.each([
    ["empty", ""],
    ["too long", "x".repeat(129)],
    ["with a newline", "a\nb"],
    ["with NUL", "a\u0000"],
    ["with DEL", "a\u007f"],
    ["with a C1 control", "a\u0085"],
    ["half of a surrogate pair", "a\ud800"],
    ["a number that JSON has rounded", 9007199254740992],
    ["a number with an exponent", 1e-7],
    ["a huge number", 1e21],
    ["null", null],
    ["true", true],
    ["a list", ["alice"]],
    ["an object", { id: 1 }],
  ])("is refused when it is %s", async (_, sub) => {
    expect(await refusal({ sub })).toEqual({
      refused: "TOKEN_INVALID",
      detail:
        "The token's sub must be a text of 1–128 characters without control characters, or a number up to 9007199254740991.",
    });
  });

  test("is refused when it is an infinite number", async () => {
    expect(refusalOf(await withRaw(`{"sub":1e400,"exp":${NOW + 60}}`)).detail).toContain("sub must be");
  });

  test("is refused when the claim is missing, naming the setting", async () => {
    expect((await refusal({ sub: undefined })).detail).toContain("has no sub");
    expect((await refusal({}, { jwtUserIdClaim: "user_id" })).detail).toContain("set JWT_USER_ID_CLAIM");
  });

  test("comes from the claim that is configured", async () => {
    expect((await user({ user_id: 42 }, { jwtUserIdClaim: "user_id" })).id).toBe("42");
    expect((await user({ "https://x.example/id": "a" }, { jwtUserIdClaim: "https://x.example/id" })).id).toBe(
      "a",
    );
  });

  test("never comes from what every object has", async () => {
    for (const jwtUserIdClaim of ["constructor", "__proto__", "toString"]) {
      expect((await refusal({}, { jwtUserIdClaim })).detail).toContain(`has no ${jwtUserIdClaim}`);
    }
  });
});

describe("the name", () => {
  const all = { username: "user", preferred_username: "preferred", name: "full" };
  test.each([
    ["username first", all, "user"],
    ["then preferred_username", { ...all, username: undefined }, "preferred"],
    ["then name", { name: "full" }, "full"],
    ["then the id", {}, "alice"],
    ["not an empty one", { ...all, username: "  " }, "preferred"],
    ["not one with control characters", { ...all, username: "a\u0007b" }, "preferred"],
    ["not one that is no text", { ...all, username: 7, preferred_username: null }, "full"],
    ["without blanks around it", { username: "  Ann Lee " }, "Ann Lee"],
    ["cut to 128 characters", { username: "x".repeat(200) }, "x".repeat(128)],
    ["never cut through a character", { username: `${"x".repeat(127)}🙂` }, "x".repeat(127)],
  ])("%s", async (_, claims, username) => {
    expect((await user(claims)).username).toBe(username);
  });
});

describe("an admin is", () => {
  test.each<[string, Claims, boolean]>([
    ["role admin", { role: "admin" }, true],
    ["is_superuser true", { is_superuser: true }, true],
    ["scope admin among others", { scope: "read admin" }, true],
    ["scope admin in a list", { scope: ["read", "admin"] }, true],
    ["scopes admin in a list", { scope: "read", scopes: ["admin"] }, true],
    ["not role Admin", { role: "Admin" }, false],
    ["not a list of roles", { role: ["admin"] }, false],
    ["not is_superuser as text", { is_superuser: "true" }, false],
    ["not is_superuser 1", { is_superuser: 1 }, false],
    ["not scope administrator", { scope: "administrator admin:read" }, false],
    ["not the username admin", { username: "admin", sub: "admin" }, false],
  ])("%s", async (_, claims, admin) => {
    expect((await user(claims)).admin).toBe(admin);
  });
});

describe("grants", () => {
  test("rooms and workspaces are taken over, ids as texts", async () => {
    const who = await user({ rooms: ["channel:9", "channel:*", "*"], workspaces: [789, "w", "007"] });
    expect([who.rooms, who.workspaces]).toEqual([
      ["channel:9", "channel:*", "*"],
      ["789", "w", "007"],
    ]);
  });

  test("null grants nothing", async () => {
    const who = await user({ rooms: null, workspaces: null });
    expect([who.rooms, who.workspaces]).toEqual([[], []]);
  });

  test("1000 rooms are accepted, 1001 refused", async () => {
    expect((await user({ rooms: Array.from({ length: 1000 }, () => "*") })).rooms).toHaveLength(1000);
    expect((await refusal({ rooms: Array.from({ length: 1001 }, () => "*") })).detail).toContain(
      "at most 1000",
    );
  });

  test.each<[string, unknown]>([
    ["a text", "channel:9"],
    ["an object", {}],
    ["a number within", ["channel:9", 9]],
    ["an empty text within", [""]],
    ["a long text within", ["x".repeat(129)]],
    ["a control character within", ["a\n"]],
    ["null within", [null]],
  ])("rooms with %s are refused", async (_, rooms) => {
    expect((await refusal({ rooms })).detail).toContain("rooms must be an array");
  });

  test.each<[string, unknown]>([
    ["a text", "w"],
    ["an object within", [{}]],
    ["a rounded number within", [2 ** 60]],
  ])("workspaces with %s are refused", async (_, workspaces) => {
    expect((await refusal({ workspaces })).detail).toContain("workspaces must be an array");
  });
});

describe("kind, issuer and audience", () => {
  test("type access is accepted, any other refused", async () => {
    expect((await user({ type: "access" })).id).toBe("alice");
    for (const type of ["refresh", "id", "Access", "", null, 1]) {
      expect((await refusal({ type })).detail).toContain(`not "access"`);
    }
  });

  test("the configured issuer and audience are accepted, the audience also in a list", async () => {
    const settings = { jwtIssuer: "https://id.example", jwtAudience: "realtime" };
    expect((await user({ iss: "https://id.example", aud: "realtime" }, settings)).id).toBe("alice");
    expect((await user({ iss: "https://id.example", aud: ["billing", "realtime"] }, settings)).id).toBe(
      "alice",
    );
  });

  test("any issuer and audience are accepted where none is configured", async () => {
    expect((await user({ iss: "x", aud: ["y"] })).id).toBe("alice");
    expect((await user({ iss: "x" }, { jwtIssuer: "", jwtAudience: "" })).id).toBe("alice");
  });

  test("a long foreign value is cut in the detail", async () => {
    const { detail } = await refusal(
      { iss: "evil\u0007\n".repeat(500) },
      { jwtIssuer: "https://id.example" },
    );
    expect(detail.length).toBeLessThan(300);
    expect(detail).not.toMatch(/\p{Cc}/u);
  });
});
