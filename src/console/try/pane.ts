import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";
import { missing, socketUrl, wscatLine } from "./addresses.ts";
import type { Direction } from "./arrows.ts";
import { type Ending, explainClose } from "./closes.ts";
import type { Message, Socket } from "./contract.ts";
import { diagnose } from "./diagnose.ts";
import type { Documents } from "./documents-load.ts";
import { draftOf } from "./drafts.ts";
import { Link, type LinkEnd } from "./link.ts";
import type { Token } from "./tokens.ts";

/** What is written down of a pane, to be found again after the page was loaded anew. */
export interface PaneSetup {
  readonly dialect: string;
  readonly socket: string;
  readonly values: Readonly<Record<string, string>>;
  /** A token's text; empty for none. */
  readonly token: string;
  readonly lastEventId: string;
}

const HANDSHAKE_REFUSED = 1006;
const REDACTED = "…";

/** What a pane needs of the page. */
export interface PaneWorld {
  readonly origin: string;
  readonly documents: Documents;
  readonly tokens: ReadonlySignal<readonly Token[]>;
}

/** One socket at a time: what to connect to, as whom, what is heard and said. */
export class Pane {
  readonly id: number;
  readonly link = new Link();
  readonly socket: Signal<Socket>;
  readonly values: Signal<Readonly<Record<string, string>>>;
  readonly tokenText: Signal<string>;
  readonly lastEventId: Signal<string>;
  readonly ending: Signal<Ending | null> = signal(null);

  readonly message: Signal<Message | null> = signal(null);
  /** Which of the message's examples. */
  readonly example = signal(0);
  readonly draft = signal("");

  readonly wanted: Signal<Direction | "all"> = signal("all");
  readonly filter = signal("");
  readonly pretty = signal(false);
  /** Entries that the page points at. */
  readonly marked: Signal<ReadonlySet<number>> = signal(new Set());

  /** Null where none is chosen. */
  readonly token: ReadonlySignal<Token | null>;
  /** Parameters that have to be filled in before it can connect. */
  readonly missing: ReadonlySignal<readonly string[]>;
  readonly #world: PaneWorld;
  #attempts = 0;

  constructor(id: number, world: PaneWorld, setup: PaneSetup) {
    this.id = id;
    this.#world = world;
    this.socket = signal(findSocket(world.documents, setup));
    this.values = signal({ ...examplesOf(this.socket.value), ...setup.values });
    this.tokenText = signal(setup.token);
    this.lastEventId = signal(setup.lastEventId);
    this.token = computed(
      () =>
        world.tokens.value.find(({ text, kind }) => kind === "token" && text === this.tokenText.value) ??
        null,
    );
    this.missing = computed(() => missing(this.socket.value.address, this.values.value));
    this.#offerExample();
  }

  get setup(): PaneSetup {
    return {
      dialect: this.socket.value.dialect,
      socket: this.socket.value.name,
      values: this.values.value,
      token: this.tokenText.value,
      lastEventId: this.lastEventId.value,
    };
  }

  choose(socket: Socket): void {
    this.socket.value = socket;
    this.values.value = { ...examplesOf(socket), ...this.values.value };
    this.ending.value = null;
    this.#offerExample();
  }

  /** Puts an example of a frame into the field to send. */
  offer(message: Message, example = 0): void {
    this.message.value = message;
    this.example.value = example;
    this.draft.value = draftOf(message.examples[example]?.payload, this.token.value);
  }

  fill(name: string, value: string): void {
    this.values.value = { ...this.values.value, [name]: value };
  }

  /** Its address; `shown`: with nothing in it that is a secret. */
  url(shown = false): string {
    const { value: token } = this.token;
    const url = socketUrl(this.#world.origin, {
      address: this.socket.value.address,
      values: this.values.value,
      token: token?.text ?? null,
      lastEventId: this.lastEventId.value.trim(),
    });
    return masked(url, shown ? token : null);
  }

  /** A line to paste; `shown`: with nothing in it that is a secret. */
  wscat(shown = false): string {
    return masked(wscatLine(this.url()), shown ? this.token.value : null);
  }

  /** Resolves when the socket has ended and it is known why. */
  async connect(): Promise<void> {
    const attempt = ++this.#attempts;
    this.ending.value = null;
    this.marked.value = new Set();
    const at = { socket: this.socket.value, values: this.values.value, token: this.token.value };
    const end = await this.link.connect(this.url());
    const ending = await this.#explain(end, at);
    this.link.transcript.add("note", `${end.opened ? "closed" : "refused"}: ${ending.code} ${ending.reason}`);
    if (attempt === this.#attempts) this.ending.value = ending;
  }

  disconnect(): void {
    this.link.disconnect();
  }

  async #explain(
    end: LinkEnd,
    at: Pick<Pane["setup"], "values"> & { socket: Socket; token: Token | null },
  ): Promise<Ending> {
    if (!end.opened && end.code === HANDSHAKE_REFUSED) return diagnose({ origin: this.#world.origin, ...at });
    return explainClose(end, { token: at.token, now: Date.now() }, at.socket.closes);
  }

  #offerExample(): void {
    const [first] = this.socket.value.says;
    if (first !== undefined) return this.offer(first);
    this.message.value = null;
    this.draft.value = "";
  }
}

const masked = (text: string, token: Token | null): string =>
  token === null ? text : text.replace(token.text, REDACTED);

const examplesOf = ({ parameters }: Socket): Readonly<Record<string, string>> =>
  Object.fromEntries(parameters.map(({ name, example }) => [name, example]));

function findSocket({ dialects }: Documents, wanted: Pick<PaneSetup, "dialect" | "socket">): Socket {
  const dialect = dialects.find(({ name }) => name === wanted.dialect) ?? dialects[0];
  const socket = dialect?.sockets.find(({ name }) => name === wanted.socket) ?? dialect?.sockets[0];
  if (socket === undefined) throw new Error("the server's document names no sockets");
  return socket;
}
