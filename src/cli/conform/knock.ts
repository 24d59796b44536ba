import { randomBytes } from "node:crypto";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Run } from "./run.ts";

/** What came instead of a socket: the status and the body of the HTTP answer; 101 where it opened after all. */
export interface Knocked {
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds: number | null;
}

const MAX_BODY_CHARS = 2000;

/**
 * Asks for an upgrade by hand: WebSocket clients hide with which status they were refused. An
 * opened connection is dropped. Rejects where nothing listens, and after `timeoutMs` of silence.
 */
export function knock(
  url: string,
  headers: Readonly<Record<string, string>>,
  { timeoutMs, access }: Pick<Run, "timeoutMs" | "access">,
): Promise<Knocked> {
  const address = new URL(url);
  const secure = address.protocol === "wss:";
  address.protocol = secure ? "https:" : "http:";
  const { promise, resolve, reject } = Promise.withResolvers<Knocked>();
  const asked = (secure ? requestHttps : requestHttp)(address, {
    ...access.tls,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
      ...headers,
    },
  });
  asked.setTimeout(timeoutMs, () =>
    asked.destroy(new DOMException("the handshake was not answered in time", "TimeoutError")),
  );
  asked.on("error", reject);
  asked.on("upgrade", (_answer, socket) => {
    socket.destroy();
    resolve({ status: 101, body: "", retryAfterSeconds: null });
  });
  asked.on("response", (answer) => {
    let body = "";
    answer.setEncoding("utf8");
    answer.on("data", (chunk: string) => {
      body = `${body}${chunk}`.slice(0, MAX_BODY_CHARS);
    });
    const wait = Number(answer.headers["retry-after"]);
    answer.on("end", () =>
      resolve({
        status: answer.statusCode ?? 0,
        body,
        retryAfterSeconds: Number.isFinite(wait) ? wait : null,
      }),
    );
    answer.on("error", reject);
  });
  asked.end();
  return promise;
}
