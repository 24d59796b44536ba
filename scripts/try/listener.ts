import type { Socket } from "../../src/console/try/contract.ts";
import { socketUrl } from "../../src/console/try/addresses.ts";
import { type Ending, explainClose } from "../../src/console/try/closes.ts";
import { diagnose } from "../../src/console/try/diagnose.ts";
import { labelOf } from "../../src/console/try/label.ts";
import type { Token } from "../../src/console/try/tokens.ts";
import { parseJson } from "../../src/core/json.ts";
import { sayFrame } from "./print.ts";

export interface ListenerOptions {
  readonly origin: string;
  readonly socket: Socket;
  readonly values: Readonly<Record<string, string>>;
  readonly token: Token | null;
  readonly lastEventId: string;
}

/** What Bun and browsers say where the server answered without an upgrade. */
const HANDSHAKE_REFUSED = [1002, 1006];

/** One socket of one dialect, and everything that went both ways on it. */
export class Listener {
  readonly socket: Socket;
  /** `chat connect` */
  readonly name: string;
  readonly #options: ListenerOptions;
  readonly #received: string[] = [];
  /** Asked with each frame; true once there is nothing more to wait for. */
  readonly #waiting = new Set<() => boolean>();
  #link: WebSocket | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.socket = options.socket;
    this.name = `${this.socket.dialect} ${this.socket.name}`;
  }

  /** Connects. Null once it is open; else why it was refused. `onEnd` hears how it ended later. */
  open(onEnd: (ending: Ending) => void = () => {}): Promise<Ending | null> {
    const { origin, values, token, lastEventId, socket } = this.#options;
    const url = socketUrl(origin, {
      address: socket.address,
      values,
      token: token?.text ?? null,
      lastEventId,
    });
    const link = new WebSocket(url);
    this.#link = link;
    return new Promise((resolve) => {
      let opened = false;
      link.addEventListener("open", () => {
        opened = true;
        this.note(`open ${url.replace(token?.text ?? "", "…")}`);
        resolve(null);
      });
      link.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#take(String(data)));
      link.addEventListener("close", (close) => {
        void this.#explain(close, opened).then((ending) => {
          this.note(`${opened ? "closed" : "refused"}: ${endingText(ending)}`);
          if (opened) onEnd(ending);
          else resolve(ending);
        });
      });
    });
  }

  say(frame: unknown): void {
    this.sayText(JSON.stringify(frame));
  }

  sayText(text: string): void {
    this.#link?.send(text);
    this.#show("out", text);
  }

  note(text: string): void {
    this.#show("note", text);
  }

  /** The names of what it heard that contains a text. */
  labels(marker: string): readonly string[] {
    return this.#received.filter((text) => text.includes(marker)).map((text) => labelOf(parseJson(text)));
  }

  /** Whether as many frames as expected match, now or within a time. */
  heardTimes(pattern: RegExp, count: number, withinMs: number): Promise<boolean> {
    return this.#until(() => this.#received.filter((text) => pattern.test(text)).length >= count, withinMs);
  }

  /** Whether all of these frames, by their names, came with a text in them, now or within a time. */
  heardAll(marker: string, expected: readonly string[], withinMs: number): Promise<boolean> {
    return this.#until(() => {
      const labels = this.labels(marker);
      return expected.every((label) => labels.includes(label));
    }, withinMs);
  }

  /** Resolves once nothing came for so long. */
  async quiet(ms: number): Promise<void> {
    let before = -1;
    while (before !== this.#received.length) {
      before = this.#received.length;
      await Bun.sleep(ms);
    }
  }

  close(): void {
    this.#link?.close(1000);
  }

  #explain({ code, reason }: CloseEvent, opened: boolean): Promise<Ending> {
    const { origin, values, token, socket } = this.#options;
    return !opened && HANDSHAKE_REFUSED.includes(code)
      ? diagnose({ origin, socket, values, token })
      : Promise.resolve(explainClose({ code, reason }, { token, now: Date.now() }, socket.closes));
  }

  #until(isSo: () => boolean, withinMs: number): Promise<boolean> {
    if (isSo()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.#waiting.add(() => {
        if (!isSo()) return false;
        clearTimeout(timer);
        resolve(true);
        return true;
      });
    });
  }

  #take(text: string): void {
    this.#received.push(text);
    this.#show("in", text);
    for (const done of this.#waiting) if (done()) this.#waiting.delete(done);
  }

  #show(direction: "in" | "out" | "note", text: string): void {
    sayFrame(this.socket.dialect, this.socket.name, direction, text);
  }
}

const endingText = ({ code, reason, remedy }: Ending): string =>
  [`${code} ${reason}`, remedy].filter((part) => part !== "").join(". ");
