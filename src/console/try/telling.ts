import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";
import { type HttpTarget, curlLine, missing } from "./addresses.ts";
import { draftOf } from "./drafts.ts";
import type { Operation, RequestExample } from "./operations.ts";
import { type Outcome, post } from "./post.ts";
import type { Token } from "./tokens.ts";

/** What came of a request: an answer, or why there is none. */
export type Told = Outcome | { readonly fault: string };

/** One event to be told over HTTP. */
export class Telling {
  readonly operation: Signal<Operation>;
  readonly values: Signal<Readonly<Record<string, string>>> = signal({});
  readonly tokenText = signal("");
  readonly body = signal("");
  readonly told: Signal<Told | null> = signal(null);
  readonly busy = signal(false);
  readonly token: ReadonlySignal<Token | null>;
  readonly missing: ReadonlySignal<readonly string[]>;
  readonly #origin: string;
  readonly #listener: () => string;

  /** `listener` says whose socket is looked at; empty for nobody's. */
  constructor(
    origin: string,
    first: Operation,
    tokens: ReadonlySignal<readonly Token[]>,
    listener: () => string,
  ) {
    this.#origin = origin;
    this.#listener = listener;
    this.operation = signal(first);
    this.token = computed(() => tokens.value.find(({ text }) => text === this.tokenText.value) ?? null);
    this.missing = computed(() => missing(this.operation.value.path, this.values.value));
    this.choose(first);
  }

  choose(operation: Operation): void {
    this.operation.value = operation;
    const examples = operation.parameters.map(({ name, example }) => [name, example] as const);
    this.values.value = { ...Object.fromEntries(examples), ...this.values.value };
    this.told.value = null;
    const [example] = operation.examples;
    if (example === undefined) this.write(undefined);
    else this.offer(example);
  }

  /** Puts an example in place; it is told to whoever listens here. */
  offer({ body, values }: RequestExample): void {
    const { listener } = this.operation.value;
    const id = this.#listener();
    this.values.value = {
      ...this.values.value,
      ...values,
      ...(listener === null || id === "" ? {} : { [listener]: id }),
    };
    this.write(body);
  }

  /** Puts a body in place. */
  write(body: unknown): void {
    this.body.value = this.operation.value.body === null ? "" : draftOf(body, null);
  }

  fill(name: string, value: string): void {
    this.values.value = { ...this.values.value, [name]: value };
  }

  curl(): string {
    return curlLine(this.#origin, this.#target());
  }

  async send(): Promise<Told> {
    this.busy.value = true;
    try {
      this.told.value = await post(this.#origin, this.#target());
    } catch {
      this.told.value = { fault: `Nobody answers at ${this.#origin}. Is the server running?` };
    } finally {
      this.busy.value = false;
    }
    return this.told.value;
  }

  #target(): HttpTarget {
    const { method, path } = this.operation.value;
    return {
      method,
      path,
      values: this.values.value,
      proof: this.token.value?.text ?? null,
      body: compact(this.body.value),
    };
  }
}

/** On one line, so that a copied command is one too; a text that is no JSON stays as it is. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
