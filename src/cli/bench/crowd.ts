import { type Tally, Link, createTally, openAll } from "./link.ts";
import type { Arrival, Subject } from "./subject.ts";

const QUIET_MS = 250;
const POLL_MS = 25;

/** Links to one server that count together. */
export class Crowd {
  readonly tally: Tally = createTally();
  readonly links: Link[] = [];
  readonly #subject: Pick<Subject, "door" | "beat">;

  constructor(subject: Pick<Subject, "door" | "beat">) {
    this.#subject = subject;
  }

  /** Opens them all and says what each says first; resolves when nothing more comes of it. */
  async enter(arrivals: readonly Arrival[]): Promise<readonly Link[]> {
    const links = await this.open(arrivals.map(({ path }) => path));
    await this.quiet();
    // Step by step: some servers take a frame only when they have answered the one before.
    const steps = Math.max(0, ...arrivals.map(({ frames }) => frames.length));
    for (let step = 0; step < steps; step++) {
      for (const [at, link] of links.entries()) {
        const frame = arrivals[at]?.frames[step];
        if (frame !== undefined) link.send(frame);
      }
      await this.quiet();
    }
    return links;
  }

  /** Opens them all; throws the first refusal. */
  async open(paths: readonly string[]): Promise<readonly Link[]> {
    const links = paths.map((path) => this.#link(path));
    await openAll(links);
    return links;
  }

  /** Resolves when nothing has arrived for a while. */
  async quiet(): Promise<void> {
    let bytes = -1;
    for (let stillMs = 0; stillMs < QUIET_MS; stillMs += POLL_MS) {
      if (this.tally.bytes !== bytes) stillMs = 0;
      ({ bytes } = this.tally);
      await Bun.sleep(POLL_MS);
    }
  }

  /** Closes all of them, and waits until the server knows. */
  async leave(): Promise<void> {
    for (const link of this.links) link.close();
    this.links.length = 0;
    await Bun.sleep(QUIET_MS);
  }

  #link(path: string): Link {
    const link = new Link(this.#subject.door, path, this.tally);
    link.beat = this.#subject.beat ?? null;
    this.links.push(link);
    return link;
  }
}
