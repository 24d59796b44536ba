import { messageOf } from "../lib/failure.ts";
import { blocksIn } from "../recording/blocks.ts";
import { saidOf } from "../recording/tape.ts";
import { type Recorder, thereFor } from "./recorder.ts";
import { queryOf, speakerOf } from "./speaker.ts";

/** Of the request's headers these change what the answer is. */
const KEPT = ["content-type", "idempotency-key", "last-event-id", "if-match"];
/** Between two ends alone, or no longer true of what is passed on. */
const HOP = [
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
];
/** Of any other answer, a page or a picture, only the status is kept. */
const READABLE = /json|^text\/plain/;
/** Hands out an admin's token for a code: neither is kept. */
const SETUP = /\/admin\/setup$/;

/** Passes a request on, and its answer back. */
export async function passRequest(request: Request, recorder: Recorder): Promise<Response> {
  const { tape } = recorder;
  const line = recorder.next();
  const url = new URL(request.url);
  const body = await request.text();
  tape.write({
    event: "request",
    line,
    method: request.method,
    path: url.pathname,
    query: queryOf(url),
    as: speakerOf(url, request.headers),
    headers: keptOf(request.headers),
    ...(SETUP.test(url.pathname) ? {} : saidOf(body)),
  });
  const answer = await fetch(thereFor(url, recorder.url), {
    method: request.method,
    headers: passedOf(request.headers),
    redirect: "manual",
    signal: request.signal,
    ...(body === "" ? {} : { body }),
    ...recorder.access,
  }).catch(
    (fault: unknown) => new Response(`The server cannot be asked: ${messageOf(fault)}`, { status: 502 }),
  );
  const { status, headers } = answer;
  const type = headers.get("content-type") ?? "";
  const passed = new Response(answer.body, { status, headers: withoutHop(headers) });
  if (type.startsWith("text/event-stream") && passed.body !== null) {
    tape.write({ event: "answer", line, status, stream: true });
    return new Response(listening(passed.body, line, recorder), passed);
  }
  if (!READABLE.test(type) && type !== "") {
    tape.write({ event: "answer", line, status, stream: false });
    return passed;
  }
  const text = await passed.text();
  tape.write({ event: "answer", line, status, stream: false, ...saidOf(text) });
  return new Response(text === "" ? null : text, passed);
}

/** Lets a stream pass, and writes down each of its events. */
function listening(body: ReadableStream<Uint8Array>, line: number, { tape }: Recorder) {
  const read = blocksIn((data) => tape.write({ event: "down", line, ...saidOf(data) }));
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let over = false;
  const end = (by: "client" | "server"): void => {
    if (!over) tape.write({ event: "closed", line, by, code: 1000, reason: "" });
    over = true;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) {
        end("server");
        return controller.close();
      }
      read(decoder.decode(value, { stream: true }));
      controller.enqueue(value);
    },
    async cancel() {
      end("client");
      await reader.cancel();
    },
  });
}

function passedOf(given: Headers): Headers {
  const headers = withoutHop(given);
  headers.delete("host");
  // Bun would unpack it, and the client would be told that it is packed.
  headers.set("accept-encoding", "identity");
  return headers;
}

function withoutHop(given: Headers): Headers {
  const headers = new Headers(given);
  for (const name of HOP) headers.delete(name);
  return headers;
}

const keptOf = (given: Headers): Record<string, string> =>
  Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = given.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
