/** Runs the `wscat` lines of the documentation. */

/** What each socket answers only after everything before it was answered; null where clients are not heard. */
const LAST_WORDS: readonly { readonly path: RegExp; readonly send: object; readonly heard: RegExp }[] = [
  { path: /^\/api\/v1\/ws\/connect$/, send: { type: "ping" }, heard: /"type":"pong"/ },
  { path: /^\/api\/v1\/stream$/, send: { type: "ping", id: "last" }, heard: /"to":"last"/ },
  { path: /^\/api\/v1\/ws$/, send: { type: "text", data: "last words" }, heard: /Echo: last words/ },
  { path: /\/focus-sessions?\//, send: { action: "last-words" }, heard: /last-words/ },
];

const PATIENCE_MS = 10_000;

/** Connects, types what is to be typed, and hears the answers: ok where no error is among them. */
export async function converse(line: string, typed: readonly string[], token: string): Promise<string> {
  const url = /-c "([^"]+)"/.exec(line)?.[1]?.replace("$TOKEN", token);
  if (url === undefined) return 'there is no address in it: wscat -c "ws://…"';
  const last = LAST_WORDS.find(({ path }) => path.test(new URL(url).pathname));
  if (last === undefined && typed.length > 0) return "this socket does not listen to its clients";
  const heard: string[] = [];
  const { promise: said, resolve } = Promise.withResolvers<string>();
  const socket = new WebSocket(url);
  const timer = setTimeout(() => resolve(`no answer in time, only ${heard.join("\n")}`), PATIENCE_MS);
  socket.addEventListener("open", () => {
    if (last === undefined) return resolve("ok");
    for (const frame of [...typed, JSON.stringify(last.send)]) socket.send(frame);
  });
  socket.addEventListener("message", ({ data }) => {
    heard.push(String(data));
    if (last?.heard.test(String(data))) resolve(faultIn(heard));
  });
  socket.addEventListener("close", ({ code, reason }) =>
    resolve(`closed ${code} ${reason} ${heard.join("\n")}`),
  );
  const outcome = await said;
  clearTimeout(timer);
  const closed = new Promise((done) => socket.addEventListener("close", done));
  if (socket.readyState !== WebSocket.CLOSED) {
    socket.close();
    await closed;
  }
  return outcome;
}

const faultIn = (heard: readonly string[]): string =>
  heard.find((frame) => /"type":"error"|"error":/.test(frame)) ?? "ok";
