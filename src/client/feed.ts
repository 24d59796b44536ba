interface Loop<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (fault: Error) => void;
}

/**
 * What waits for a loop: bounded, and shared by all loops. Before there is a loop or a listener it
 * holds what comes, so that nothing is missed between subscribing and looping.
 */
export class Feed<T> {
  readonly #limit: number;
  readonly #drained: () => void;
  readonly #values: T[] = [];
  readonly #loops: Loop<T>[] = [];
  #holds = true;
  #looped = false;
  #end: { readonly fault: Error | null } | null = null;

  /** `drained` whenever a value was taken out. */
  constructor(limit: number, drained: () => void) {
    this.#limit = limit;
    this.#drained = drained;
  }

  get waiting(): readonly T[] {
    return this.#values;
  }

  /** True when the next value would not be taken. */
  get full(): boolean {
    return this.#holds && this.#loops.length === 0 && this.#values.length >= this.#limit;
  }

  /** True when so much is worked off that more may come. */
  get hasRoom(): boolean {
    return this.#values.length <= this.#limit / 2;
  }

  /** False where there is no room for it. */
  push(value: T): boolean {
    if (!this.#holds) return true;
    const loop = this.#loops.shift();
    if (loop !== undefined) loop.resolve({ done: false, value });
    else if (this.#values.length >= this.#limit) return false;
    else this.#values.push(value);
    return true;
  }

  /** There is a listener: unless somebody loops as well, nothing is held any more. Answers what was. */
  release(): readonly T[] {
    if (this.#looped) return [];
    this.#holds = false;
    return this.#values.splice(0);
  }

  /** Loops end when they have worked off what waits; with a fault they throw it. */
  end(fault: Error | null): void {
    this.#end ??= { fault };
    for (const loop of this.#loops.splice(0)) this.#finish(loop);
  }

  loop(): AsyncIterator<T> {
    this.#looped = this.#holds = true;
    return {
      next: () => this.#next(),
      // Leaving a loop ends the loop, not the subscription: another one may go on.
      return: () => Promise.resolve({ done: true, value: undefined }),
    };
  }

  #next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      const loop = { resolve, reject };
      if (this.#values.length > 0) {
        resolve({ done: false, value: this.#values.shift() as T });
        this.#drained();
      } else if (this.#end !== null) this.#finish(loop);
      else this.#loops.push(loop);
    });
  }

  #finish({ resolve, reject }: Loop<T>): void {
    const fault = this.#end?.fault ?? null;
    if (fault === null) resolve({ done: true, value: undefined });
    else reject(fault);
  }
}
