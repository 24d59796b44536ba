/** What went both ways on a socket, newest last. */
import { type Signal, signal } from "@preact/signals";
import { parseJson } from "../../core/json.ts";
import { clockMs } from "../lib/format.ts";
import { ARROWS, type Direction } from "./arrows.ts";
import { labelOf } from "./label.ts";

export interface Entry {
  /** Rises with every entry of the page. */
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly direction: Direction;
  readonly text: string;
  readonly bytes: number;
  /** The frame's own name, where it has one. */
  readonly label: string;
  /** The text on one line. */
  readonly line: string;
  /** Undefined where the text is no JSON. */
  readonly json: unknown;
}

/** Older ones are forgotten: a page is no log. */
const MAX_ENTRIES = 500;
/** A burst is drawn at once. */
const DRAW_MS = 16;

export class Transcript {
  readonly entries: Signal<readonly Entry[]> = signal([]);
  /** Forgotten entries. */
  readonly forgotten = signal(0);
  #pending: Entry[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #listeners = new Set<(entry: Entry) => void>();
  #lastId = 0;

  add(direction: Direction, text: string): Entry {
    const json = direction === "note" ? undefined : parseJson(text);
    const entry: Entry = {
      id: ++this.#lastId,
      at: new Date().toISOString(),
      direction,
      text,
      bytes: new TextEncoder().encode(text).byteLength,
      label: labelOf(json),
      line: json === undefined ? text : JSON.stringify(json),
      json,
    };
    this.#pending.push(entry);
    if (this.#pending.length > MAX_ENTRIES) this.#draw();
    this.#timer ??= setTimeout(() => this.#draw(), DRAW_MS);
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  clear(): void {
    this.#pending = [];
    this.entries.value = [];
    this.forgotten.value = 0;
  }

  /** The next frame from the server that matches; rejects after `withinMs`, and at an end. */
  heard(matches: (entry: Entry) => boolean, withinMs: number): Promise<Entry> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listen);
      };
      const listen = (entry: Entry): void => {
        if (entry.direction !== "in" || !matches(entry)) return;
        done();
        resolve(entry);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error("nothing came"));
      }, withinMs);
      this.#listeners.add(listen);
    });
  }

  #draw(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const all = [...this.entries.peek(), ...this.#pending];
    this.#pending = [];
    const surplus = Math.max(0, all.length - MAX_ENTRIES);
    this.entries.value = surplus === 0 ? all : all.slice(surplus);
    if (surplus > 0) this.forgotten.value += surplus;
  }
}

/** As text to paste: `12:04:31.250 ↑ {"type":"ping"}`. */
export const transcriptText = (entries: readonly Entry[]): string =>
  entries.map(({ at, direction, text }) => `${clockMs(at)} ${ARROWS[direction]} ${text}`).join("\n");
