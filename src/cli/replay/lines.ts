import { shown } from "../conform/compare.ts";
import { knock } from "../conform/knock.ts";
import { Peer, within } from "../conform/peer.ts";
import type { localAccess } from "../lib/remote.ts";
import { blocksIn } from "../recording/blocks.ts";
import { type EntryOf, givenOf, type Placed } from "../recording/tape.ts";
import type { Desk, Finding } from "./finding.ts";
import { Hearing, valueOf } from "./hearing.ts";
import { aboutOf, type Ledger } from "./ledger.ts";
import type { Proofs } from "./proofs.ts";

/** What all lines of a replay share. */
export interface Stage {
  readonly url: URL;
  readonly access: ReturnType<typeof localAccess>;
  readonly ledger: Ledger;
  readonly proofs: Proofs;
  readonly desk: Desk;
  readonly timeoutMs: number;
}

type Of<E extends "open" | "request"> = Placed<EntryOf<E>>;

/** A socket, a stream or a request of the recording, played anew. */
export interface Line {
  readonly hearing: Hearing;
  /** Whether all that was recorded so far has come. */
  readonly settled: boolean;
  /** What has not come by now, is missing. */
  conclude(): void;
  end(): Promise<void>;
}

/** The address here, with what proves who asks. */
function addressOf({ path, query, as }: Of<"open" | "request">, { url, ledger, proofs }: Stage) {
  const there = new URL(url);
  there.pathname = `${url.pathname.replace(/\/$/, "")}${ledger.path(path)}`;
  const proof = proofs.of(as);
  const said = ledger.said(query) as Record<string, string>;
  for (const [name, value] of Object.entries({ ...said, ...proof.query }))
    there.searchParams.set(name, String(value));
  return { there, headers: proof.headers, protocols: proof.protocols };
}

const whoText = ({ as }: Of<"open" | "request">): string => {
  if (as === null) return "";
  return as.user_id === null ? ` with a ${as.by === "key" ? "key" : "token of nobody"}` : ` as ${as.user_id}`;
};

export class SocketLine implements Line {
  readonly hearing: Hearing;
  readonly #peer: Peer;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #stage: Stage;
  readonly #entry: Of<"open">;
  readonly #where: string;
  #close: Placed<EntryOf<"closed">> | null = null;
  #ended: { readonly code: number; readonly reason: string } | null = null;
  #left = false;

  constructor(entry: Of<"open">, stage: Stage) {
    const { there, headers, protocols } = addressOf(entry, stage);
    this.#entry = entry;
    this.#stage = stage;
    this.#headers = headers;
    this.#where = `${entry.dialect ?? "socket"} ${entry.path}${whoText(entry)}`;
    this.#url = there.href.replace(/^http/, "ws");
    this.hearing = new Hearing(entry.line, this.#where, stage.ledger, stage.desk);
    this.#peer = new Peer(this.#url, { headers, protocols, ...stage.access });
    this.#peer.hear((text) => this.hearing.receive(text));
    void this.#peer.ended.then((end) => {
      this.#ended = end;
      stage.desk.wake();
    });
  }

  /** It was let in. */
  async opened({ at }: { readonly at: number }): Promise<void> {
    if ((await within(this.#stage.timeoutMs, this.#peer.opened)) === true) return;
    this.#found(at, "it is refused", { expected: "an open socket", received: await this.#status() });
  }

  async refused({ at, status }: Placed<EntryOf<"refused">>): Promise<void> {
    this.#left = true;
    const opened = await within(this.#stage.timeoutMs, this.#peer.opened);
    const received = opened === true ? "an open socket" : await this.#status();
    if (received !== `HTTP ${status}`)
      this.#found(at, "it is not refused so", { expected: `HTTP ${status}`, received });
  }

  up(given: string | Uint8Array): void {
    if (this.#peer.isOpen) this.#peer.send(given);
  }

  leave(): Promise<void> {
    this.#left = true;
    return this.#peer.close();
  }

  /** The server closed it then. */
  closes(entry: Placed<EntryOf<"closed">>): void {
    this.#close = entry;
  }

  get settled(): boolean {
    return this.#ended !== null || (this.hearing.complete && this.#close === null);
  }

  conclude(): void {
    this.hearing.conclude(this.#stage.timeoutMs);
    const [close, ended] = [this.#close, this.#ended];
    if (ended === null) {
      if (close !== null)
        this.#found(close.at, "it is not closed", {
          expected: closeText(close),
          received: "an open socket",
        });
      this.#close = null;
      return;
    }
    if (this.#left) return;
    if (close === null || close.code !== ended.code || close.reason !== ended.reason)
      this.#found(close?.at ?? this.#entry.at, "it is closed", {
        expected: close === null ? "an open socket" : closeText(close),
        received: closeText(ended),
      });
    this.#left = true;
    this.#close = null;
  }

  async end(): Promise<void> {
    await this.#peer.flush(this.#stage.timeoutMs);
    this.hearing.end();
    this.#left = true;
    await this.#peer.close();
  }

  async #status(): Promise<string> {
    const { status } = await knock(this.#url, this.#headers, this.#stage).catch(() => ({ status: 0 }));
    return status === 0 ? "no answer" : `HTTP ${status}`;
  }

  #found(at: number, what: string, more: Partial<Finding>): void {
    this.#stage.desk.found({
      line: this.#entry.line,
      at,
      where: this.#where,
      what,
      differences: [],
      ...more,
    });
  }
}

const closeText = ({ code, reason }: { readonly code: number; readonly reason: string }): string =>
  `closed with ${[code, reason].filter(Boolean).join(" ")}`;

export class RequestLine implements Line {
  readonly hearing: Hearing;
  readonly #stage: Stage;
  readonly #entry: Of<"request">;
  readonly #where: string;
  readonly #stop = new AbortController();
  #answer: { readonly status: number; readonly body: unknown } | null = null;
  #expected: Placed<EntryOf<"answer">> | null = null;

  constructor(entry: Of<"request">, stage: Stage) {
    this.#entry = entry;
    this.#stage = stage;
    this.#where = `${entry.method} ${entry.path}${whoText(entry)}`;
    this.hearing = new Hearing(entry.line, this.#where, stage.ledger, stage.desk);
    void this.#ask();
  }

  expects(entry: Placed<EntryOf<"answer">>): void {
    this.#expected = entry;
  }

  get settled(): boolean {
    return (this.#expected === null || this.#answer !== null) && this.hearing.complete;
  }

  conclude(): void {
    const [expected, answer] = [this.#expected, this.#answer];
    this.#expected = null;
    if (expected !== null) this.#compare(expected, answer);
    this.hearing.conclude(this.#stage.timeoutMs);
  }

  leave(): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  async end(): Promise<void> {
    await this.leave();
    this.hearing.end();
  }

  #compare(expected: Placed<EntryOf<"answer">>, answer: { status: number; body: unknown } | null): void {
    const { ledger, desk, timeoutMs } = this.#stage;
    const given = givenOf(expected);
    const recorded = {
      status: expected.status,
      ...(given === undefined ? {} : { body: valueOf(String(given)) }),
    };
    const received =
      answer === null
        ? null
        : { status: answer.status, ...("body" in recorded ? { body: answer.body } : {}) };
    const differences = received === null ? [] : ledger.learn(received, recorded, aboutOf(this.#entry.path));
    if (received !== null && differences.length === 0) return;
    desk.found({
      line: this.#entry.line,
      at: expected.at,
      where: this.#where,
      what: received === null ? `no answer within ${timeoutMs / 1000} s` : "another answer",
      expected: shown(recorded),
      received: received === null ? "nothing" : shown(received),
      differences,
    });
  }

  async #ask(): Promise<void> {
    const { proofs, ledger, desk, access } = this.#stage;
    const { there, headers } = addressOf(this.#entry, this.#stage);
    const given = givenOf(this.#entry);
    const about = aboutOf(this.#entry.path);
    const body =
      typeof given === "string" && this.#entry.json !== undefined
        ? proofs.fresh(JSON.stringify(ledger.said(this.#entry.json, "", about)))
        : given;
    try {
      const answer = await fetch(there, {
        method: this.#entry.method,
        headers: { ...ledger.headers(this.#entry.headers), ...headers },
        redirect: "manual",
        signal: this.#stop.signal,
        ...(body === undefined ? {} : { body: body as string }),
        ...access,
      });
      const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
      const text = isStream ? "" : await answer.text();
      const value = valueOf(text);
      this.#answer = { status: answer.status, body: value };
      proofs.keepTicket(value);
      desk.wake();
      if (isStream && answer.body !== null) await this.#listen(answer.body);
    } catch {
      // Ended by us, or told as an answer that did not come.
    }
  }

  async #listen(body: ReadableStream<Uint8Array>): Promise<void> {
    const read = blocksIn((data) => this.hearing.receive(data));
    const decoder = new TextDecoder();
    for await (const chunk of body) read(decoder.decode(chunk, { stream: true }));
  }
}
