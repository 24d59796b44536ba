/** An access webhook that never answers, and counts who waits. */
export function silentWebhook() {
  const asked: (() => void)[] = [];
  let count = 0;
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      count++;
      asked.shift()?.();
      return new Promise((resolve) =>
        request.signal.addEventListener("abort", () => resolve(new Response())),
      );
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/may`,
    /** Resolves when the next question has come. */
    asked: () => new Promise<void>((resolve) => asked.push(resolve)),
    count: () => count,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
