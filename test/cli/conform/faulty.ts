/** A server that is faulty on purpose: Dragoman behind a proxy that changes what passes. */
import { knock } from "../../support/raw-socket.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Faults {
  /** What a client hears instead of a frame: another, several, or none. */
  readonly frame?: (frame: Fields, path: string) => readonly Fields[];
  /** How long a frame is held back. */
  readonly delayMs?: (frame: Fields) => number;
  /** What the client is closed with instead. */
  readonly close?: (close: { code: number; reason: string }) => { code: number; reason: string };
  /** The status of a refused handshake. */
  readonly refusal?: (status: number) => number;
  /** What is answered over HTTP instead. */
  readonly answer?: (
    answer: { status: number; body: Fields },
    path: string,
  ) => { status: number; body: Fields };
  /** What the server is sent instead of what a client said. */
  readonly said?: (text: string) => string | null;
}

interface Link {
  readonly path: string;
  readonly upstream: WebSocket;
  /** What came before the client was let in. */
  readonly early: string[];
  tell: ((text: string) => void) | null;
  end: CloseEvent | null;
}

/** `await using faulty = startFaulty(server.url, { frame: … })` */
export function startFaulty(target: string, faults: Faults) {
  const server = Bun.serve<Link>({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request, self) {
      const url = new URL(request.url);
      const there = new URL(`${url.pathname}${url.search}`, target);
      if (request.headers.get("upgrade") === null) return passOn(request, there, faults);
      there.protocol = "ws:";
      const link = linkTo(there);
      if (await opened(link.upstream))
        return self.upgrade(request, { data: link }) ? undefined : new Response(null, { status: 400 });
      const { status } = await knock(there.href);
      return new Response(null, { status: faults.refusal?.(status) ?? status });
    },
    websocket: {
      open(client) {
        const { data: link } = client;
        link.tell = (text) => pass(text, link.path, faults, (told) => client.send(told));
        for (const text of link.early.splice(0)) link.tell(text);
        const close = ({ code, reason }: { code: number; reason: string }): void => {
          const end = faults.close?.({ code, reason }) ?? { code, reason };
          client.close(end.code === 1005 || end.code === 1006 ? 1000 : end.code, end.reason);
        };
        if (link.end === null) link.upstream.addEventListener("close", close);
        else close(link.end);
      },
      message({ data: { upstream } }, text) {
        const said = faults.said === undefined ? String(text) : faults.said(String(text));
        if (said !== null) upstream.send(said);
      },
      close({ data: { upstream } }) {
        upstream.close();
      },
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    async [Symbol.asyncDispose](): Promise<void> {
      await server.stop(true);
    },
  };
}

function linkTo(there: URL): Link {
  const upstream = new WebSocket(there.href);
  const link: Link = { path: there.pathname, upstream, early: [], tell: null, end: null };
  upstream.addEventListener("message", ({ data }: MessageEvent<string>) => {
    if (link.tell === null) link.early.push(data);
    else link.tell(data);
  });
  upstream.addEventListener("close", (end) => {
    link.end = end;
  });
  return link;
}

const opened = (socket: WebSocket): Promise<boolean> =>
  new Promise((resolve) => {
    socket.addEventListener("open", () => resolve(true));
    socket.addEventListener("error", () => resolve(false));
  });

function pass(text: string, path: string, faults: Faults, tell: (text: string) => void): void {
  const frame = JSON.parse(text) as Fields;
  const frames = faults.frame?.(frame, path) ?? [frame];
  const tellAll = (): void => {
    for (const told of frames) tell(JSON.stringify(told));
  };
  const delayMs = faults.delayMs?.(frame) ?? 0;
  if (delayMs > 0) setTimeout(tellAll, delayMs);
  else tellAll();
}

async function passOn(request: Request, there: URL, faults: Faults): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.delete("host");
  const body = await request.text();
  const answer = await fetch(there, {
    method: request.method,
    headers,
    ...(body === "" ? {} : { body }),
  });
  const type = answer.headers.get("content-type") ?? "text/plain";
  if (type.startsWith("text/event-stream"))
    return new Response(answer.body, { status: answer.status, headers: { "content-type": type } });
  const text = await answer.text();
  if (faults.answer === undefined || !type.includes("json"))
    return new Response(text === "" ? null : text, {
      status: answer.status,
      headers: { "content-type": type },
    });
  const given = { status: answer.status, body: JSON.parse(text) as Fields };
  const changed = faults.answer(given, there.pathname);
  return Response.json(changed.body, { status: changed.status, headers: { "content-type": type } });
}
