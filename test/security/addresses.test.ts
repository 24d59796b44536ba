/** Whose address a request counts against: the peer's, and what trusted proxies say; nothing that a client makes up. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { createAddressOf } from "../../src/http/address.ts";
import { addressOf } from "../support/client.ts";
import { expectProblem, http } from "../support/http.ts";
import { ALICE, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { type StartedServer, startServer } from "../support/server.ts";

const PROXY = "127.0.0.1";

const CASES: readonly (readonly [
  what: string,
  proxies: readonly string[],
  peer: string,
  forwarded: string | undefined,
  counted: string,
])[] = [
  ["no proxy is trusted", [], "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["the peer is no trusted proxy", ["10.0.0.0/8"], "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["one proxy", ["10.0.0.0/8"], "10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["a client that forges one hop", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
  [
    "a client that forges a trusted hop",
    ["10.0.0.0/8"],
    "10.0.0.1",
    "10.9.9.9, 198.51.100.1",
    "198.51.100.1",
  ],
  ["two proxies", ["10.0.0.0/8"], "10.0.0.1", "9.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
  ["an unknown proxy between", ["10.0.0.0/8"], "10.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"],
  ["only proxies", ["10.0.0.0/8"], "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
  ["no header", ["10.0.0.0/8"], "10.0.0.1", undefined, "10.0.0.1"],
  ["no address in it", ["10.0.0.0/8"], "10.0.0.1", "unknown", "10.0.0.1"],
  ["no address before a proxy", ["10.0.0.0/8"], "10.0.0.1", "evil, 10.0.0.2", "10.0.0.2"],
  ["an empty hop", ["10.0.0.0/8"], "10.0.0.1", "198.51.100.1,", "10.0.0.1"],
  ["a hop with its port", ["10.0.0.0/8"], "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
  ["an IPv6 hop with its port", ["10.0.0.0/8"], "10.0.0.1", "[2001:db8::1]:4711", "2001:db8:0:0::/64"],
  ["an IPv6 hop in brackets", ["10.0.0.0/8"], "10.0.0.1", "[2001:db8::1]", "2001:db8:0:0::/64"],
  ["a header within a header", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1\u0000", "10.0.0.1"],
  ["an IPv4 peer in IPv6", ["10.0.0.0/8"], "::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["the same in hexadecimal", ["10.0.0.0/8"], "::ffff:a00:1", "198.51.100.1", "198.51.100.1"],
  ["the same in capitals", ["10.0.0.0/8"], "::FFFF:10.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["an IPv4 hop in IPv6", ["10.0.0.0/8"], "10.0.0.1", "::ffff:c633:6401", "198.51.100.1"],
  ["an IPv4 hop in long IPv6", ["10.0.0.0/8"], "10.0.0.1", "0:0:0:0:0:ffff:198.51.100.1", "198.51.100.1"],
  ["IPv6 is counted by /64", [], "2001:db8:1:2:3:4:5:6", undefined, "2001:db8:1:2::/64"],
  ["in short", [], "2001:db8:1:2::1", undefined, "2001:db8:1:2::/64"],
  ["with zeros", [], "2001:0db8:0001:0002:0000:0000:0000:0001", undefined, "2001:db8:1:2::/64"],
  ["of this machine", [], "::1", undefined, "0:0:0:0::/64"],
  ["with a zone", [], "fe80::1%eth0", undefined, "fe80:0:0:0::/64"],
  ["an IPv6 proxy", ["2001:db8:ffff::/48"], "2001:db8:ffff::5", "198.51.100.1", "198.51.100.1"],
  [
    "its neighbour is none",
    ["2001:db8:ffff::/48"],
    "2001:db8:fffe::5",
    "198.51.100.1",
    "2001:db8:fffe:0::/64",
  ],
];

test.each(CASES)("%s", (_what, proxies, peer, forwarded, counted) => {
  expect(createAddressOf(proxies)(peer, forwarded)).toBe(counted);
});

const RATES = { rateLimitConnects: 1, maxConnectionsPerUser: 0 } as const;

/** Four knocks with what each says of itself; one address has three a moment. */
async function knocks(server: StartedServer, headersOf: (n: number) => Record<string, string>) {
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) {
    const as = { ...ALICE, id: 1000 + n };
    const answer = await knock(addressOf(server, PATHS.native, { as }), headersOf(n));
    if (answer.status !== 101) expectProblem(answer, 429);
    statuses.push(answer.status);
  }
  return statuses;
}

test("a proxy that is not believed is warned of, once", async () => {
  await using server = await startServer();
  const { get } = http(server);
  await get("/healthz");
  for (let n = 0; n < 3; n++) await get("/api/v1/presence/users", { "x-forwarded-for": `198.51.100.${n}` });
  expect(server.logs.of("FORWARDED_UNTRUSTED").map(({ fields }) => fields)).toEqual([{ proxy: PROXY }]);
});

describe("counted at a real door", () => {
  const clock = new ManualClock();
  const forwardedFor = (value: string) => ({ "x-forwarded-for": value });

  test("without TRUSTED_PROXIES nobody escapes by a header", async () => {
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "cf-connecting-ip"]) {
      await using server = await startServer(RATES, { clock });
      const value = (n: number) => (name === "forwarded" ? `for=198.51.100.${n}` : `198.51.100.${n}`);
      expect([name, await knocks(server, (n) => ({ [name]: value(n) }))]).toEqual([
        name,
        [101, 101, 101, 429],
      ]);
    }
  });

  test("behind a trusted proxy each client counts by itself", async () => {
    await using server = await startServer({ ...RATES, trustedProxies: [PROXY] }, { clock });
    expect(await knocks(server, (n) => forwardedFor(`198.51.100.${n}`))).toEqual([101, 101, 101, 101]);
  });

  test("behind a trusted proxy nobody escapes by hops of his own, nor by Forwarded", async () => {
    const forged: readonly ((n: number) => Record<string, string>)[] = [
      (n) => forwardedFor(`10.1.1.${n}, 198.51.100.1`),
      (n) => forwardedFor(`${PROXY}, 198.51.100.${n}, 198.51.100.1`),
      (n) => ({ ...forwardedFor("198.51.100.1"), forwarded: `for=192.0.2.${n}` }),
      (n) => ({ ...forwardedFor("198.51.100.1"), "x-real-ip": `192.0.2.${n}` }),
      (n) => forwardedFor(`2001:db8:1:2::${n + 1}`),
    ];
    for (const [place, headersOf] of forged.entries()) {
      await using server = await startServer({ ...RATES, trustedProxies: [PROXY] }, { clock });
      expect([place, await knocks(server, headersOf)]).toEqual([place, [101, 101, 101, 429]]);
    }
  });
});
