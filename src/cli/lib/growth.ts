import { stderrIsTerminal } from "./terminal.ts";

/** A thread of its own, as text: this one is busy in SQLite, and a compiled program has no file of it. */
const watcher = (what: string, file: string, bytes: number): string => `
import { statSync, writeSync } from "node:fs";
const [what, file, bytes] = ${JSON.stringify([what, file, Math.max(1, bytes)])};
setInterval(() => {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const percent = Math.min(99, Math.floor((size / bytes) * 100));
  writeSync(2, "\\r\\u001b[K" + what + " " + percent + " %");
}, 100);
`;

/**
 * Tells on the terminal how far a file has grown, of about so many bytes, while this thread can do
 * nothing else: `using watching = watchGrowth("copying", file, bytes)`.
 */
export function watchGrowth(what: string, file: string, bytes: number): Disposable {
  if (!stderrIsTerminal()) return { [Symbol.dispose]: () => {} };
  const code = watcher(what, file, bytes);
  const url = URL.createObjectURL(new Blob([code], { type: "application/javascript" }));
  const worker = new Worker(url);
  return {
    [Symbol.dispose]() {
      worker.terminate();
      URL.revokeObjectURL(url);
      process.stderr.write("\r\u001b[K");
    },
  };
}
