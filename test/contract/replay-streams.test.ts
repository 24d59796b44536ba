/** What the documentation shows of server-sent events is what comes: the same names, the same fields. */
import { describe, expect, test } from "bun:test";
import { http } from "../support/http.ts";
import { chatIn } from "../support/people.ts";
import { checker, type Document, type Schema } from "./schemas.ts";
import { ALICE, startAt, tell } from "./story.ts";

interface Sent {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** The events in a text, comments and `retry` left out. */
const eventsIn = (text: string): readonly Sent[] =>
  text.split("\n\n").flatMap((block) => {
    const fields = new Map(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    const data = fields.get("data");
    if (data === undefined) return [];
    return [
      {
        event: fields.get("event") ?? "message",
        id: fields.get("id") ?? null,
        data: JSON.parse(data) as unknown,
      },
    ];
  });

/** Reads until as many events have come; leaves then. */
async function take(response: Response, count: number): Promise<readonly Sent[]> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (eventsIn(text).length >= count) break;
  }
  return eventsIn(text);
}

interface Described {
  readonly paths: Readonly<Record<string, { readonly get: { readonly responses: { readonly 200: Ok } } }>>;
}
interface Ok {
  readonly content: {
    readonly "text/event-stream": { readonly example?: string; readonly examples?: Schema };
  };
}

const document = await (async (): Promise<Document> => {
  await using server = await startAt();
  return (await http(server).get("/openapi.json")).body as Document;
})();

function exampleOf(path: string): readonly Sent[] {
  const content = (document as unknown as Described).paths[path]?.get.responses[200].content[
    "text/event-stream"
  ];
  const named = Object.values(content?.examples ?? {})[0] as { value: string } | undefined;
  return eventsIn(content?.example ?? named?.value ?? "");
}

const fieldsOf = (sent: Sent | undefined): readonly string[] => Object.keys(sent?.data ?? {});

describe("server-sent events", () => {
  test("of a room: what was missed has the documented frame, and its id", async () => {
    await using server = await startAt();
    await tell(server);
    const [example] = exampleOf("/api/v1/events");
    const { fetch } = http(server, ALICE);
    const after = { "last-event-id": String(Number(example?.id) - 1) };
    const response = await fetch("GET", "/api/v1/events?topics=channel:9", undefined, after);
    const [first] = await take(response, 1);
    expect(first).toEqual(example as Sent);
    expect(checker(document)({ $ref: "#/components/schemas/Event" }, first?.data)).toEqual([]);
  });

  test("of a connection that is watched: its frames, and its end", async () => {
    await using server = await startAt();
    await tell(server);
    const alice = await chatIn(server, ALICE);
    const response = await http(server, "key").fetch("GET", "/api/v1/admin/connections/1/frames");
    alice.send({ type: "join_room", room: "channel:9" });
    await alice.next("user_joined");
    await alice.close();
    // In, the two answers, and the end.
    const sent = await take(response, 4);
    const example = exampleOf("/api/v1/admin/connections/{id}/frames");
    expect(example.map(({ event }) => event)).toEqual(["frame", "closed"]);
    for (const shown of example) {
      const real = sent.find(({ event }) => event === shown.event);
      expect(fieldsOf(real)).toEqual(fieldsOf(shown));
    }
    expect(sent[0]).toEqual(example[0] as Sent);
  });
});
