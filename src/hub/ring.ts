import type { Publication } from "../core/event.ts";
import { lengthOf } from "../core/json.ts";

const SIZE = 4096;
/** Characters of what the publications say, about; beyond them the oldest go. */
const MAX_LENGTH = 32 << 20;

/** The last durable publications that were told here, in id order; of a deleted message without what it said, as in the store. */
export class Ring {
  readonly #slots: (Publication | undefined)[] = new Array<Publication | undefined>(SIZE);
  #last: number;
  #count = 0;
  readonly #lengths = new Uint32Array(SIZE);
  #length = 0;

  constructor(told: number) {
    this.#last = told;
  }

  push(publication: Publication): void {
    if (this.#count === SIZE) this.#dropOldest();
    const place = publication.id % SIZE;
    this.#slots[place] = publication;
    const length = lengthOf(publication.data);
    this.#length += length - (this.#lengths[place] as number);
    this.#lengths[place] = length;
    this.#last = publication.id;
    this.#count++;
    while (this.#length > MAX_LENGTH && this.#count > 0) this.#dropOldest();
    if (publication.kind === "message.deleted") this.#silence(publication.data.message_id);
  }

  #dropOldest(): void {
    const place = (this.floor + 1) % SIZE;
    this.#slots[place] = undefined;
    this.#length -= this.#lengths[place] as number;
    this.#lengths[place] = 0;
    this.#count--;
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
