import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { person, setUp } from "./fakes.ts";

type Answer = (body: Record<string, unknown>) => Response | Promise<Response>;

let answer: Answer;
let asked: { body: unknown; method: string; type: string | null }[] = [];
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const body = (await request.json()) as Record<string, unknown>;
    asked.push({ body, method: request.method, type: request.headers.get("content-type") });
    return answer(body);
  },
});
const url = `http://127.0.0.1:${server.port}/allowed?secret=hush`;
const allow =
  (yes: unknown): Answer =>
  () =>
    Response.json({ allow: yes });

afterAll(() => server.stop(true));
beforeEach(() => {
  asked = [];
  answer = allow(true);
});

const hooked = (timeoutMs = 3_000) => setUp({ webhook: { url, timeoutMs } });

describe("the access webhook", () => {
  test("is told who wants what, in the chat spelling, and its yes opens", async () => {
    const { access } = hooked();
    expect(await access.may(person("5", { username: "ana" }), "workspace:789", "join")).toBe("webhook");
    expect(await access.may(person("007"), "channel:9", "send")).toBe("webhook");
    expect(asked).toEqual([
      {
        method: "POST",
        type: "application/json",
        body: { user_id: 5, username: "ana", room: "project:789", action: "join" },
      },
      {
        method: "POST",
        type: "application/json",
        body: { user_id: "007", username: "name-007", room: "channel:9", action: "send" },
      },
    ]);
  });

  test("is not asked where something else decides", () => {
    const { access, rooms } = hooked();
    rooms.add("5", "channel:9");
    expect(access.may(person("5"), "channel:9", "join")).toBe("member:channel:9");
    expect(access.may(person("5"), "user:6", "join")).toBeNull();
    expect(access.may(person("5"), "everyone", "join")).toBeNull();
    expect(access.may(person("5"), "room:lobby", "join")).toBe("free");
    expect(asked).toEqual([]);
  });

  test("is asked once for each user, room and action until the answer is too old; yes and no alike", async () => {
    const { access, clock } = hooked();
    answer = ({ room }) => Response.json({ allow: room === "channel:1" });
    expect(await access.may(person("5"), "channel:1", "join")).toBe("webhook");
    expect(await access.may(person("5"), "channel:2", "join")).toBeNull();
    clock.advance(29_999);
    expect(access.may(person("5"), "channel:1", "join")).toBe("webhook");
    expect(access.may(person("5"), "channel:2", "join")).toBeNull();
    expect(asked).toHaveLength(2);

    expect(await access.may(person("6"), "channel:1", "join")).toBe("webhook");
    expect(await access.may(person("5"), "channel:1", "send")).toBe("webhook");
    clock.advance(1);
    expect(await access.may(person("5"), "channel:1", "join")).toBe("webhook");
    expect(asked).toHaveLength(5);
  });

  test("hears equal questions of the same moment as one", async () => {
    const { access } = hooked();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => access.may(person("5"), "channel:9", "join")),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, () => "webhook"));
    expect(asked).toHaveLength(1);
  });

  test("is asked again after the user's access changed", async () => {
    const { access } = hooked();
    await access.may(person("5"), "channel:9", "join");
    await access.may(person("6"), "channel:9", "join");
    access.changed("5");
    answer = allow(false);
    expect(await access.may(person("5"), "channel:9", "join")).toBeNull();
    expect(access.may(person("6"), "channel:9", "join")).toBe("webhook");
    expect(asked).toHaveLength(3);
  });

  test("is asked again where its answer began before the user's access changed", async () => {
    const { access } = hooked();
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    answer = async () => {
      arrived.resolve();
      await gate.promise;
      return Response.json({ allow: true });
    };
    const early = access.may(person("5"), "channel:9", "join");
    await arrived.promise;
    access.changed("5");
    answer = allow(false);
    // A question of the new epoch does not wait for the old answer.
    expect(await access.may(person("5"), "channel:9", "join")).toBeNull();
    gate.resolve();
    expect(await early).toBeNull();
    expect(access.may(person("5"), "channel:9", "join")).toBeNull();
    expect(asked).toHaveLength(2);
  });
});

describe("a webhook that fails", () => {
  const failures: readonly [string, Answer, string][] = [
    ["another status", () => Response.json({ allow: true }, { status: 500 }), "it answered 500"],
    ["a redirect", () => Response.redirect(url, 307), "it answered 307"],
    ["no JSON", () => new Response("yes"), "its answer is no JSON"],
    ["nothing", () => new Response(null, { status: 204 }), "its answer is no JSON"],
    ["a yes that is no boolean", allow("true"), 'its answer has no "allow": true or false'],
    ["null", () => Response.json(null), 'its answer has no "allow": true or false'],
    ["a flood", () => new Response(" ".repeat(70_000) + '{"allow":true}'), "its answer is too long"],
    ["silence", () => new Promise<Response>(() => undefined), "it did not answer in time"],
    [
      "half an answer",
      () =>
        new Response(
          new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"allow":')) }),
        ),
      "it did not answer in time",
    ],
  ];
  for (const [name, fails, cause] of failures) {
    test(`by ${name} denies, and the log says why`, async () => {
      const { access, log } = hooked(cause.endsWith("time") ? 50 : 3_000);
      answer = fails;
      expect(await access.may(person("5"), "channel:9", "join")).toBeNull();
      expect(log.warnings.map(({ code, fields }) => [code, fields])).toEqual([
        ["ACCESS_WEBHOOK_FAILED", { host: `127.0.0.1:${server.port}`, cause, failures: 1 }],
      ]);
    });
  }

  test("by not being there denies, and no secret of its address is logged", async () => {
    const { access, log } = setUp({ webhook: { url: "http://me:hush@127.0.0.1:1/hush?secret=hush" } });
    expect(await access.may(person("5"), "channel:9", "join")).toBeNull();
    expect(log.warnings).toHaveLength(1);
    expect(JSON.stringify(log.warnings)).not.toContain("hush");
  });

  test("by throwing at once denies", async () => {
    const { access, log } = setUp({
      webhook: {
        url,
        fetch: () => {
          throw new TypeError("hush");
        },
      },
    });
    expect(await access.may(person("5"), "channel:9", "join")).toBeNull();
    expect(log.warnings[0]?.fields?.["cause"]).toBe("TypeError");
  });

  test("is asked again after a second", async () => {
    const { access, clock } = hooked();
    answer = () => new Response(null, { status: 503 });
    expect(await access.may(person("5"), "channel:9", "join")).toBeNull();
    answer = allow(true);
    clock.advance(999);
    expect(access.may(person("5"), "channel:9", "join")).toBeNull();
    clock.advance(1);
    expect(await access.may(person("5"), "channel:9", "join")).toBe("webhook");
  });

  test("is logged once in ten seconds, with the count", async () => {
    const { access, clock, log } = hooked();
    answer = () => new Response(null, { status: 503 });
    for (let id = 0; id < 5; id++) await access.may(person(String(id)), "channel:9", "join");
    clock.advance(10_000);
    await access.may(person("9"), "channel:9", "join");
    expect(log.warnings.map(({ fields }) => fields?.["failures"])).toEqual([1, 5]);
  });
});
