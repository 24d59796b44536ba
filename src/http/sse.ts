/** Bytes that a stream may hold before its reader counts as slow. */
export const HIGH_WATER_BYTES = 512 << 10;

/** A response of server-sent events, written from outside. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #ended: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  /** `drained` when a full stream has room again, `ended` once, when either side has ended it. */
  constructor(ended: () => void, drained: () => void = () => {}) {
    this.#ended = ended;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => drained(),
        cancel: () => this.#end(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
    );
  }

  /** As a socket's send: the bytes, or −1 where they wait for the reader. */
  write(text: string): number {
    if (this.#controller === null) return 1;
    const bytes = this.#encoder.encode(text);
    this.#controller.enqueue(bytes);
    return (this.#controller.desiredSize ?? 0) > 0 ? bytes.byteLength : -1;
  }

  /** Keeps proxies from closing a quiet stream. */
  beat(): void {
    this.write(":\n\n");
  }

  close(): void {
    const controller = this.#controller;
    this.#end();
    controller?.close();
  }

  get bufferedBytes(): number {
    return HIGH_WATER_BYTES - (this.#controller?.desiredSize ?? HIGH_WATER_BYTES);
  }

  #end(): void {
    if (this.#controller === null) return;
    this.#controller = null;
    this.#ended();
  }
}

/**
 * The answer that a stream is. The connection ends with it: the time limit of its requests was
 * lifted, and nobody may have a connection without one.
 */
export const streamed = (stream: EventStream): Response =>
  new Response(stream.body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      connection: "close",
    },
  });
