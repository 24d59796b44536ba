/** One block of a stream of server-sent events. */
export interface SseBlock {
  /** `message` where the block names none. */
  readonly event: string;
  readonly data: string;
}

/**
 * The blocks of a stream, read with `fetch` and not with EventSource, which has no headers.
 * `alive` is called for whatever comes, comments too. Source: HTML, server-sent events.
 */
export async function* sseBlocks(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): AsyncGenerator<SseBlock, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const read = readBlock(block);
        if (read !== null) yield read;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Null where there is nothing to tell: a comment, a `retry`. */
function readBlock(block: string): SseBlock | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join("\n") };
}
