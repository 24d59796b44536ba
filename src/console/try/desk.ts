import { type ReadonlySignal, type Signal, computed, effect, signal } from "@preact/signals";
import { demoTokens } from "./demo.ts";
import type { Documents } from "./documents-load.ts";
import type { Fragment } from "./fragment.ts";
import { remember, type Remembered } from "./memory.ts";
import { Pane, type PaneSetup } from "./pane.ts";
import { type Heard, seeTranslated } from "./preset.ts";
import { Telling } from "./telling.ts";
import { type Token, readToken } from "./tokens.ts";

/** How the last "see one event translated" went. */
export type Translated =
  | { readonly state: "running" }
  | { readonly state: "heard"; readonly heard: readonly Heard[] }
  | { readonly state: "failed"; readonly why: string };

const EMPTY: PaneSetup = { dialect: "", socket: "", values: {}, token: "", lastEventId: "" };
/** Where the second pane starts, beside a first one of another dialect. */
const SECOND = "chat";

/** Everything on the page: who speaks, one or two panes, an event to tell. */
export class Desk {
  readonly origin: string;
  readonly documents: Documents;
  readonly tokens: Signal<readonly Token[]> = signal([]);
  readonly panes: Signal<readonly Pane[]>;
  readonly telling: Telling | null;
  readonly translated: Signal<Translated | null> = signal(null);
  /** Why no demo users came. */
  readonly demoFault: Signal<string> = signal("");
  /** Whoever can connect: keys cannot. */
  readonly people: ReadonlySignal<readonly Token[]> = computed(() =>
    this.tokens.value.filter(({ kind }) => kind === "token"),
  );
  #lastPane = 0;

  constructor(origin: string, documents: Documents, before: Remembered, fragment: Fragment) {
    this.origin = origin;
    this.documents = documents;
    this.tokens.value = [...before.tokens, fragment.token].flatMap((text) => readToken(text) ?? []);
    const [one = EMPTY, ...others] = before.panes;
    this.panes = signal([asked(one, fragment), ...others.slice(0, 1)].map((setup) => this.#open(setup)));
    const [first] = documents.operations;
    const listener = (): string => this.panes.peek()[0]?.token.peek()?.userId ?? "";
    this.telling = first === undefined ? null : new Telling(origin, first, this.tokens, listener);
    const [newest] = this.people.value.slice(-1);
    if (newest !== undefined) this.#proposeToken(newest);
    effect(() => remember(this.#setup()));
    if (fragment.demo) void this.useDemo();
  }

  /** Adds what was pasted; false where there was nothing. */
  addToken(pasted: string): boolean {
    const token = readToken(pasted);
    if (token === null) return false;
    const others = this.tokens.value.filter(({ text }) => text !== token.text);
    this.tokens.value = [...others, token];
    this.#proposeToken(token);
    return true;
  }

  forget(token: Token): void {
    this.tokens.value = this.tokens.value.filter((one) => one !== token);
  }

  /** Everywhere where nothing is connected. */
  speakAs(token: Token): void {
    if (this.telling !== null) this.telling.tokenText.value = token.text;
    if (token.kind === "key") return;
    for (const pane of this.panes.value) {
      if (pane.link.state.value !== "closed") continue;
      pane.tokenText.value = token.text;
      pane.fill("user_id", token.userId);
    }
  }

  async useDemo(): Promise<void> {
    this.demoFault.value = "";
    try {
      const found = await demoTokens(this.origin);
      const users = new Set(found.map(({ userId }) => userId));
      const others = this.tokens.value.filter(({ userId, kind }) => kind === "key" || !users.has(userId));
      this.tokens.value = [...found, ...others];
      const [first] = found;
      if (first !== undefined) this.speakAs(first);
    } catch (fault) {
      this.demoFault.value = fault instanceof Error ? fault.message : String(fault);
    }
  }

  addPane(): Pane {
    const [first] = this.panes.value;
    const dialect = first?.socket.value.dialect === SECOND ? "" : SECOND;
    const pane = this.#open({ ...EMPTY, dialect, token: first?.tokenText.value ?? "" });
    this.panes.value = [...this.panes.value, pane];
    return pane;
  }

  removePane(pane: Pane): void {
    pane.disconnect();
    this.panes.value = this.panes.value.filter((one) => one !== pane);
  }

  /** One event, heard in two dialects. */
  async translate(): Promise<void> {
    const [first, second = this.addPane()] = this.panes.value;
    const token = first?.token.value ?? this.people.value[0];
    if (first === undefined || this.telling === null) return;
    if (token === undefined) {
      this.translated.value = { state: "failed", why: "Choose who listens first: add a token." };
      return;
    }
    this.translated.value = { state: "running" };
    try {
      const heard = await seeTranslated([first, second], this.telling, token, this.documents);
      this.translated.value = { state: "heard", heard };
    } catch (fault) {
      this.translated.value = {
        state: "failed",
        why: fault instanceof Error ? fault.message : String(fault),
      };
    }
  }

  #open(setup: PaneSetup): Pane {
    return new Pane(++this.#lastPane, this, setup);
  }

  /** Fills the places where nobody was chosen yet. */
  #proposeToken(token: Token): void {
    if (this.telling?.token.value === null) this.telling.tokenText.value = token.text;
    if (token.kind === "key") return;
    for (const pane of this.panes.value) {
      if (pane.token.value !== null || pane.link.state.value !== "closed") continue;
      pane.tokenText.value = token.text;
      if (pane.values.value.user_id !== undefined) pane.fill("user_id", token.userId);
    }
  }

  #setup(): Remembered {
    return {
      panes: this.panes.value.map(({ setup }) => setup),
      tokens: this.tokens.value.map(({ text }) => text),
    };
  }
}

/** A pane as the link to the page asks for it. */
function asked(setup: PaneSetup, { dialect, socket, values, lastEventId }: Fragment): PaneSetup {
  if (dialect === "" && socket === "" && lastEventId === "")
    return { ...setup, values: { ...setup.values, ...values } };
  return {
    ...setup,
    dialect: dialect === "" ? setup.dialect : dialect,
    socket,
    lastEventId,
    values: { ...setup.values, ...values },
  };
}
