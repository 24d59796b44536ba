/** One server-sent event. Source: the HTML standard, section 9.2. */
export interface ServerEvent {
  /** `message` where the server gave none. */
  readonly name: string;
  readonly data: string;
  /** As far as one was given, here or before. */
  readonly id: string | null;
}

/**
 * Reads a body as server-sent events until it ends. What `EventSource` cannot do: the request may
 * have headers, so that no token stands in an address.
 */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = "";
  let id: string | null = null;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = fieldsOf(block);
        id = fields.id ?? id;
        if (fields.data !== null) yield { name: fields.name, data: fields.data, id };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function fieldsOf(block: string): { name: string; data: string | null; id: string | null } {
  const fields = { name: "message", data: null as string | null, id: null as string | null };
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "data") fields.data = fields.data === null ? value : `${fields.data}\n${value}`;
    else if (name === "event") fields.name = value;
    else if (name === "id") fields.id = value;
  }
  return fields;
}
