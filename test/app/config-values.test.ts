import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { SettingName } from "../../src/app/settings.ts";
import type { ServerCommand } from "../../src/app/settings-spec.ts";
import { parseSetting } from "../../src/app/settings-values.ts";
import { editDistance, suggest } from "../../src/core/suggest.ts";

const parse = (name: SettingName, raw: string | string[], command: ServerCommand = "serve") =>
  parseSetting(name, raw, command);
const value = (name: SettingName, raw: string | string[]) => {
  const parsed = parse(name, raw);
  return "flaw" in parsed ? parsed.flaw.what : parsed.value;
};
const fix = (name: SettingName, raw: string) => {
  const parsed = parse(name, raw);
  return "flaw" in parsed ? parsed.flaw.fix : "accepted";
};

describe("values", () => {
  test("numbers: whole, in range, 0 where it means off or the largest", () => {
    expect(["0", "65535", " 80 "].map((raw) => value("PORT", raw))).toEqual([0, 65535, 80]);
    expect(
      ["65536", "-1", "1.5", "0x10", "5s", "1 constructor", ""].map((raw) => typeof value("PORT", raw)),
    ).toEqual(Array(7).fill("string"));
    expect(["0", "8", "7", "15m", "901"].map((raw) => value("WS_HEARTBEAT_INTERVAL", raw))).toEqual([
      0,
      8,
      '"7" is too small',
      900,
      '"901" is too large',
    ]);
    expect(["0", "64KiB", "1 mib", "1023"].map((raw) => value("MAX_MESSAGE_BYTES", raw))).toEqual([
      16_777_216,
      65_536,
      1_048_576,
      '"1023" is too small',
    ]);
    expect(fix("WS_HEARTBEAT_INTERVAL", "7")).toBe(
      "write a whole number from 8 to 900 (seconds), or 0 for off, for example 30 or 5m",
    );
  });

  test("enums: any case; a near miss is told", () => {
    expect(value("ACCESS", "Open")).toBe("open");
    expect(value("ACCESS", "opne")).toBe('"opne" is none of its values');
    expect(fix("ACCESS", "opne")).toBe('did you mean "open"? write one of: members, open');
  });

  test("secrets: too short is refused by serve and warned of in dev", () => {
    expect(parse("JWT_SECRET", "secret")).toEqual({
      flaw: {
        what: "it has 6 bytes, which can be guessed: at least 16 are needed",
        fix: "make one: openssl rand -hex 32",
      },
    });
    expect(parse("JWT_SECRET", "secret", "dev")).toMatchObject({
      value: "secret",
      warning: { fix: "make one: openssl rand -hex 32" },
    });
    expect(parse("JWT_SECRET", "x".repeat(16))).toMatchObject({
      warning: { what: "it has 16 bytes, which can be guessed: 32 are safe" },
    });
    expect(parse("JWT_SECRET", "x".repeat(32))).toEqual({ value: "x".repeat(32) });
    expect(parse("API_KEYS", `${"k".repeat(16)},short`)).toMatchObject({
      flaw: { what: "it has 5 bytes, which can be guessed: at least 16 are needed" },
    });
    expect(parse("JWT_SECRET", "-----BEGIN PUBLIC KEY-----\nMIIB")).toMatchObject({
      flaw: { fix: "put a public key into JWT_PUBLIC_KEY" },
    });
  });

  test("public keys: PEM, also with spelled-out line ends; never a private key", () => {
    expect(value("JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\\nMIIB\\n")).toBe(
      "-----BEGIN PUBLIC KEY-----\nMIIB\n",
    );
    expect(value("JWT_PUBLIC_KEY", "-----BEGIN EC PRIVATE KEY-----\nsecret")).toBe(
      "this is a private key, which the server must not have",
    );
    expect(fix("JWT_PUBLIC_KEY", "/etc/key.pem")).toContain("JWT_PUBLIC_KEY_FILE");
  });

  test("origins are kept as browsers send them", () => {
    expect(
      value(
        "CORS_ORIGINS",
        "https://A.example:443, http://[::1]:5173,, capacitor://localhost, https://a.example",
      ),
    ).toEqual(["https://a.example", "http://[::1]:5173", "capacitor://localhost"]);
    expect(fix("CORS_ORIGINS", "https://a.example/app")).toBe("write https://a.example");
    for (const wrong of [
      "a.example",
      "*",
      "null",
      "https://",
      "https://u:p@a.example",
      "https://a.example:99999",
      "https://a b",
    ]) {
      expect(`${wrong}: ${typeof value("CORS_ORIGINS", [wrong])}`).toBe(`${wrong}: string`);
    }
  });

  test("proxies are addresses or CIDR ranges", () => {
    expect(value("TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1, FD00::/8")).toEqual([
      "10.0.0.0/8",
      "127.0.0.1",
      "fd00::/8",
    ]);
    for (const wrong of ["10.0.0.0/33", "10.0.0", "proxy.local", "10.0.0.0/8/8", "::1/129", "10.0.0.0/"])
      expect(typeof value("TRUSTED_PROXIES", wrong)).toBe("string");
  });

  test("addresses: http(s) for what is called, bare for what is listened on", () => {
    expect(value("JWKS_URL", "https://auth.example/keys")).toBe("https://auth.example/keys");
    for (const wrong of ["auth.example/keys", "ftp://x", "file:///etc/passwd", "http://"])
      expect(value("JWKS_URL", wrong)).toEndWith("is not a web address");
    expect(value("JWKS_URL", "//user:pass@auth.example")).not.toContain("pass");
    expect(["[::1]", "0.0.0.0", "localhost"].map((raw) => value("HOST", raw))).toEqual([
      "::1",
      "0.0.0.0",
      "localhost",
    ]);
    for (const wrong of ["http://x", "0.0.0.0:80", "a b"])
      expect(value("HOST", wrong)).toEndWith("is not an address to listen on");
  });
});

describe("suggest", () => {
  test("finds the nearest word, whatever its case, and nothing where nothing is near", () => {
    expect(suggest("prot", ["host", "port"])).toBe("port");
    expect(suggest("Max-Body-Byte", ["max_message_bytes", "max_body_bytes"])).toBe("max_body_bytes");
    expect(suggest("weather", ["host", "port"])).toBeUndefined();
    expect(suggest("x".repeat(100_000), ["port"])).toBeUndefined();
  });

  test("a distance is that of the two words in either order, and 0 only for equals", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b, 2) <= 2).toBe(editDistance(a, b) <= 2);
      }),
    );
  });
});
