import type {
  ClientState,
  Closed,
  ConnectionOptions,
  DragomanError,
  Gap,
  WebSocketClass,
} from "../../client/client.ts";
import { type Failure, failure } from "./failure.ts";
import { explainExpiry } from "./refusals.ts";
import { localAccess, type Remote } from "./remote.ts";
import { sentences } from "./sentences.ts";
import { remark } from "./terminal.ts";

/** What every client of the SDK needs to speak to this server in this name. */
export const connectionTo = ({ url, proof }: Remote): ConnectionOptions => {
  const access = localAccess(url);
  const secure = url.protocol === "https:" && access.tls !== undefined;
  return {
    url: url.href,
    // Whoever signs them has fresh ones; a given token is all there is.
    token: proof.userId === undefined ? proof.token?.() : proof.token,
    fetch: (address, init) => fetch(address, { ...init, ...access }),
    ...(secure ? { WebSocket: trustingWebSocket(access) } : {}),
  };
};

/** The certificate of this machine's own server need not name it. */
const trustingWebSocket = (access: ReturnType<typeof localAccess>): WebSocketClass =>
  class extends WebSocket {
    constructor(url: string, protocols: string[] = []) {
      super(url, { protocols, ...access } as never);
    }
  };

/**
 * Asks the server something that everybody may ask: whether it is there, and takes the proof. A
 * socket that is refused does not tell why.
 */
export const greet = async (remote: Remote): Promise<void> => {
  await remote.get("/api/v1/presence/users/0");
};

/** What of a client is told to a person: that the connection is lost, is back, and what was missed. */
interface Connection {
  on(name: "state", listener: (state: ClientState) => void): unknown;
  on(name: "close", listener: (closed: Closed) => void): unknown;
  on(name: "lost", listener: (gap: Gap) => void): unknown;
}

export function tellConnection(connection: Connection): void {
  let lost = false;
  connection.on("close", ({ code, reason, reconnects }) => {
    if (!reconnects) return;
    if (!lost) remark(`the connection is lost (${[code, reason].filter(Boolean).join(" ")}); trying again`);
    lost = true;
  });
  connection.on("state", (state) => {
    if (state !== "open" || !lost) return;
    remark("connected again");
    lost = false;
  });
  connection.on("lost", () => remark("some events are missing: the server no longer keeps all of them"));
}

/** Why listening ended, as what and fix. */
export function explainEnd({ proof }: Remote, fault: DragomanError): Failure {
  const { code, closeCode, message } = fault;
  if (code === "FORBIDDEN" && closeCode === undefined)
    return failure(
      sentences(message)[0],
      "ask for membership: dragoman room members add ROOM USER; or listen as an admin, without --as",
    );
  const [what, fix = "see the server's log"] = sentences(message);
  return (
    explainExpiry(proof) ??
    failure(closeCode === undefined ? what : `the server closed: ${closeCode} ${what}`, fix)
  );
}
