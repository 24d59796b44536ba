import type { Publication } from "../core/event.ts";

const SIZE = 4096;

/** The last durable publications that were told here, in id order; of a deleted message without what it said, as in the store. */
export class Ring {
  readonly #slots: (Publication | undefined)[] = new Array<Publication | undefined>(SIZE);
  #last: number;
  #count = 0;

  constructor(told: number) {
    this.#last = told;
  }

  push(publication: Publication): void {
    this.#slots[publication.id % SIZE] = publication;
    this.#last = publication.id;
    if (this.#count < SIZE) this.#count++;
    if (publication.kind === "message.deleted") this.#silence(publication.data.message_id);
  }

  #silence(messageId: number): void {
    for (const told of this.after(Math.max(messageId - 1, this.floor)))
      if (
        (told.kind === "message.created" || told.kind === "message.edited") &&
        told.data.message_id === messageId
      )
        this.#slots[told.id % SIZE] = { ...told, data: { ...told.data, content: "" } } as Publication;
  }

  /** Everything after this id is here. */
  get floor(): number {
    return this.#last - this.#count;
  }

  /** What was told after `id`, oldest first. Only to be asked with `id >= floor`. */
  *after(id: number): Iterable<Publication> {
    for (let next = id + 1; next <= this.#last; next++) {
      const publication = this.#slots[next % SIZE];
      if (publication !== undefined) yield publication;
    }
  }
}
