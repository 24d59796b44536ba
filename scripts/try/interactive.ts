import { createInterface } from "node:readline";
import type { Ending } from "../../src/console/try/closes.ts";
import { jsonFault } from "../../src/console/try/drafts.ts";
import type { Listener } from "./listener.ts";
import { say, style } from "./print.ts";

/** After the last line: what was sent through a pipe is still being answered. */
const QUIET_MS = 300;

/** Sends what is typed, one frame a line, until the input or the socket ends. Resolves to the exit code. */
export async function interactive(listener: Listener): Promise<number> {
  const over = Promise.withResolvers<Ending>();
  if ((await listener.open(over.resolve)) !== null) return 1;
  const { says } = listener.socket;
  for (const { examples } of says)
    for (const { payload } of examples) say(style("dim", `  ${JSON.stringify(payload)}`));
  say(
    style(
      "dim",
      says.length === 0 ? "This socket only listens; Ctrl+D ends it." : "One frame a line; Ctrl+D ends it.",
    ),
  );
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line.trim() === "") return;
    const fault = jsonFault(line);
    if (fault !== null) listener.note(`${fault.replace(/\.?$/, ".")} It is sent as it is.`);
    listener.sayText(line);
  });
  lines.on("close", () => void listener.quiet(QUIET_MS).then(() => listener.close()));
  const ending = await over.promise;
  lines.close();
  return ending.wanted ? 0 : 1;
}
