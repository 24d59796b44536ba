/** What the doors write down: enough to see, and nothing that one stranger can drown the rest in. */
import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { addressOf } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { NO_RATES, startServer } from "../support/server.ts";

test("beyond the rate of failed logins a bad token is refused and not noted again", async () => {
  await using server = await startServer({ ...NO_RATES, rateLimitLogins: 5 }, { clock: new ManualClock() });
  for (let n = 0; n < 20; n++) {
    const { status } = await knock(addressOf(server, PATHS.native, { token: `a.${n}.b` }));
    expect(status).toBe(n < 5 ? 401 : 429);
  }
  await server.assembly.tick();
  // A write of ours comes after that of the tick, and so does its answer.
  await http(server, "key").post("/api/v1/notify/users/1", { message: "now" });
  const { items } = await server.assembly.store.securityLog({ limit: 50, kind: "refused" });
  expect(items.length).toBe(5);
  expect(server.logs.of("SOCKET_REFUSED").length).toBe(5);
});

test("an old token is warned of once a minute, the others are told at level info", async () => {
  const clock = new ManualClock();
  await using server = await startServer(NO_RATES, { clock });
  const old = server.token({ ...ALICE, ttlSeconds: 60 });
  clock.advance(2 * 3_600_000);
  const come = async (): Promise<number> =>
    (await knock(addressOf(server, PATHS.notifications, { token: old }))).status;
  expect([await come(), await come()]).toEqual([403, 403]);
  const [warning, ...more] = server.logs.of("SOCKET_EXPIRED");
  expect(warning).toMatchObject({ level: "warn", message: expect.stringMatching(/expired .* ago \(exp /) });
  expect([more.length, server.logs.of("SOCKET_REFUSED").length]).toEqual([0, 1]);
  clock.advance(60_000);
  await come();
  expect(server.logs.of("SOCKET_EXPIRED").length).toBe(2);
});
