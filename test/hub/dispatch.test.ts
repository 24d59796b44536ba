import { expect, test } from "bun:test";
import { silentLog } from "../../src/app/log.ts";
import { createMeters } from "../../src/core/meters.ts";
import { Dispatch, type DispatchDeps } from "../../src/hub/dispatch.ts";
import { Writer } from "../../src/hub/writer.ts";

/** Features that read, relay and write; the disk confirms when it is told to. */
function harness() {
  const disk = Promise.withResolvers<void>();
  const steps: string[] = [];
  const writer = new Writer({
    meters: createMeters(),
    log: silentLog,
    tell: () => {},
    store: { commit: (writes) => writes.map(() => ({ value: {}, events: [] })), durable: () => disk.promise },
  });
  const features = {
    "message.list": { run: () => ({ reply: "read" }) },
    "focus.relay": { run: () => ({ reply: "relayed", live: [{}] }) },
    "message.send": {
      run: () => ({ write: { op: "user.seen", args: { users: [] } }, settle: () => "wrote" }),
    },
  };
  const sequencer = { enterLive: () => steps.push("live") };
  const dispatch = new Dispatch({ features, writer, sequencer, log: silentLog } as unknown as DispatchDeps);
  const execute = (name: string): unknown =>
    dispatch.execute({} as never, null, { name, args: {} } as never, { bytes: 1 }, (reply) =>
      steps.push(String(reply)),
    );
  return { disk, steps, execute };
}

test("what is read of a write that the disk has not confirmed is answered when it has; what is live waits for nothing", async () => {
  const { disk, steps, execute } = harness();
  expect(execute("message.list")).toBe("answered");
  expect(execute("message.send")).toBe("written");
  await new Promise((resolve) => setImmediate(resolve));
  expect(execute("message.list")).toBe("waiting");
  expect(execute("focus.relay")).toBe("answered");
  expect(steps).toEqual(["read", "relayed", "live"]);
  disk.resolve();
  await disk.promise;
  await Promise.resolve();
  expect(steps).toEqual(["read", "relayed", "live", "wrote", "read"]);
});
