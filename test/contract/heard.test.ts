/** Every frame that the documentation has of the server is really sent, and nothing else is. */
import { beforeAll, describe, expect, test } from "bun:test";
import type { Frame } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { gather, happen, type Listener, witness } from "./audience.ts";
import { channelsOf, type Message, messageFor } from "./messages.ts";
import { type Check, checker, type Document } from "./schemas.ts";
import { startAt } from "./story.ts";

/** One frame as somebody heard it. */
interface Heard {
  readonly listener: Listener;
  readonly frame: Frame;
  readonly is: Message | null;
}

const heard: Heard[] = [];
/** What each event was, by its id. */
const kinds = new Map<number, string>();
const documented: Message[] = [];

beforeAll(async () => {
  await using server = await startAt({ maxConnectionsPerUser: 0 });
  const document = (await http(server).get("/asyncapi.json")).body as Document;
  const check: Check = checker(document);
  const channels = channelsOf(document);
  const all = await witness(server);
  const listeners = await gather(server, channels);
  await happen(server, listeners);
  await all.drain();
  for (const { kind, event_id } of all.received) if (event_id !== undefined) kinds.set(event_id, kind);
  for (const listener of listeners)
    for (const frame of listener.client.received)
      heard.push({ listener, frame, is: messageFor(check, listener.channel.server, frame) });
  documented.push(...new Map(channels.flatMap(({ server: of }) => of).map((one) => [one.key, one])).values());
});

const keysOf = (frame: unknown): string =>
  Object.keys(frame as object)
    .filter((key) => key !== "event_id")
    .join(" ");

describe("what is heard on every socket", () => {
  test("is documented, and no field of it is not", () => {
    const strange = heard.filter(({ is }) => is === null);
    expect(strange.map(({ listener, frame }) => [listener.channel.key, frame])).toEqual([]);
  });

  test("is every message that is documented", () => {
    const keys = new Set(heard.map(({ is }) => is?.key));
    expect(documented.map(({ key }) => key).filter((key) => !keys.has(key))).toEqual([]);
  });

  test("has its fields in the order of an example", () => {
    const odd = heard.filter(
      ({ frame, is }) => !is?.examples.some((example) => keysOf(example) === keysOf(frame)),
    );
    expect(odd.map(({ frame, is }) => [is?.key, keysOf(frame)])).toEqual([]);
  });

  test("has event ids where they were asked for, and of durable events only", () => {
    const wrong = heard.filter(({ listener, frame, is }) => {
      const has = frame.event_id !== undefined;
      if (!listener.resumes || is?.durable !== true) return has;
      return !has && is.kinds.every(({ durable }) => durable);
    });
    expect(wrong.map(({ listener, frame }) => [listener.channel.key, listener.resumes, frame])).toEqual([]);
  });

  test("tells of the kinds of events that are documented, and of each of them", () => {
    const told = new Set(
      heard
        .filter(({ frame }) => frame.event_id !== undefined)
        .map(({ frame, is }) => `${is?.key} ${kinds.get(frame.event_id)}`),
    );
    const said = documented.flatMap(({ key, kinds: of }) =>
      of.filter(({ durable }) => durable).map(({ kind }) => `${key} ${kind}`),
    );
    expect([...told].toSorted()).toEqual(said.toSorted());
  });
});
