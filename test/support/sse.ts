/** Server-sent events, as tests read them. */

export type SseBlock = Readonly<Record<string, string>>;

/** Block by block, as the field lines say; comments are left out. */
export async function* blocks(response: Response): AsyncGenerator<SseBlock> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const lines = text
          .slice(0, end)
          .split("\n")
          .filter((line) => !line.startsWith(":"));
        text = text.slice(end + 2);
        if (lines.length > 0)
          yield Object.fromEntries(
            lines.map((line) => line.split(/: (.*)/s).slice(0, 2)) as [string, string][],
          );
      }
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel();
  }
}
