import type { ServerWebSocket } from "bun";
import { type Knocked, knock } from "../conform/knock.ts";
import { saidOf } from "../recording/tape.ts";
import type { Recorder } from "./recorder.ts";

type Frame = string | Uint8Array;

/** One socket through the proxy: the client at one end, the server at the other. */
export interface SocketLine {
  /** True once the server has let it in, false where it was refused. */
  readonly opened: Promise<boolean>;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** With what it was refused. */
  refusal(): Promise<Knocked>;
  /** The client is let in too: it hears what came before, and all that follows. */
  join(client: ServerWebSocket<SocketLine>): void;
  up(frame: Frame): void;
  /** The client has gone. */
  left(code: number, reason: string): void;
}

/** Headers that say who comes, and from where. */
const PASSED = ["authorization", "x-api-key", "origin", "user-agent", "cookie"];
const KNOCK_TIMEOUT_MS = 10_000;

/** Bun's own: it sends headers, which the browsers' type cannot. */
const BunSocket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => Bun.WebSocket;

/** Opens the server's end. */
export function openLine(line: number, there: URL, given: Headers, recorder: Recorder): SocketLine {
  const { tape, access } = recorder;
  const headers = passedOf(given);
  const url = there.href.replace(/^http/, "ws");
  const socket = new BunSocket(url, { headers, protocols: protocolsOf(given), ...access });
  socket.binaryType = "nodebuffer";
  const hear = socket.addEventListener.bind(socket) as (
    name: string,
    listener: (event: never) => void,
  ) => void;
  let client: ServerWebSocket<SocketLine> | null = null;
  const early: Frame[] = [];
  let end: { code: number; reason: string } | null = null;
  let over = false;

  hear("message", ({ data }: MessageEvent<Frame>) => {
    tape.write({ event: "down", line, ...saidOf(data) });
    if (client === null) early.push(data);
    else client.send(data);
  });
  hear("close", ({ code, reason }: CloseEvent) => {
    end = { code, reason };
    if (client !== null) endClient();
  });
  const opened = new Promise<boolean>((resolve) => {
    hear("open", () => resolve(true));
    hear("error", () => resolve(false));
    hear("close", () => resolve(false));
  });

  function endClient(): void {
    if (over || end === null || client === null) return;
    over = true;
    const { code, reason } = end;
    tape.write({ event: "closed", line, by: "server", code, reason });
    // 1006 is no code that is sent: the line broke.
    if (code === 1006) client.terminate();
    else if (code === 1005) client.close();
    else client.close(code, reason);
  }

  return {
    opened,
    get protocol() {
      return socket.protocol;
    },
    refusal: () =>
      knock(url, headers, { timeoutMs: KNOCK_TIMEOUT_MS, access }).catch(() => ({
        status: 502,
        body: "The server does not answer.",
        retryAfterSeconds: null,
      })),
    join(joined) {
      client = joined;
      for (const frame of early.splice(0)) client.send(frame);
      endClient();
    },
    up(frame) {
      tape.write({ event: "up", line, ...saidOf(frame) });
      socket.send(frame);
    },
    left(code, reason) {
      if (over) return;
      over = true;
      tape.write({ event: "closed", line, by: "client", code, reason });
      if (code === 1000 || (code >= 3000 && code < 5000)) socket.close(code, reason);
      else socket.close();
    },
  };
}

const passedOf = (given: Headers): Record<string, string> =>
  Object.fromEntries(
    PASSED.flatMap((name) => {
      const value = given.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );

const protocolsOf = (given: Headers): string[] =>
  (given.get("sec-websocket-protocol") ?? "").split(/, */).filter((name) => name !== "");
