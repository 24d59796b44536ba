import { givenOf, type Placed, type EntryOf, type Recording } from "../recording/tape.ts";
import type { Finding } from "./finding.ts";
import { type Line, RequestLine, SocketLine, type Stage } from "./lines.ts";

/** How far it is: entries played, of how many. */
export type Tell = (played: number, all: number) => void;

export interface Played {
  readonly findings: readonly Finding[];
  readonly sockets: number;
  readonly requests: number;
  /** Frames and answers that were compared. */
  readonly compared: number;
}

/**
 * Plays the clients' side of a recording. Nothing is said before all has come that came before it
 * in the recording, or `timeoutMs` has passed. `speed` 2 is twice as fast; Infinity waits for
 * nothing but what has to come.
 */
export async function play(
  { entries }: Recording,
  given: Omit<Stage, "desk">,
  speed: number,
  tell: Tell,
): Promise<Played> {
  const findings: Finding[] = [];
  const bell = new Bell();
  const desk = { found: (finding: Finding) => void findings.push(finding), wake: () => bell.ring() };
  const stage: Stage = { ...given, desk };
  const sockets = new Map<number, SocketLine>();
  const requests = new Map<number, RequestLine>();
  const lines = (): Line[] => [...sockets.values(), ...requests.values()];
  const began = performance.now();
  const [first] = entries;
  const due = async (ms: number): Promise<void> => {
    await settle(lines(), bell, stage.timeoutMs);
    const waitMs = (ms - (first?.ms ?? 0)) / speed - (performance.now() - began);
    if (waitMs > 0) await Bun.sleep(waitMs);
  };
  let compared = 0;
  for (const [played, entry] of entries.entries()) {
    tell(played, entries.length);
    const socket = sockets.get(entry.line);
    switch (entry.event) {
      case "open":
        await due(entry.ms);
        sockets.set(entry.line, new SocketLine(entry, stage));
        break;
      case "opened":
        await socket?.opened(entry);
        break;
      case "refused":
        await socket?.refused(entry);
        compared++;
        break;
      case "up":
        await due(entry.ms);
        socket?.up(upOf(entry, stage));
        break;
      case "down":
        (socket ?? requests.get(entry.line))?.hearing.expect(entry);
        compared++;
        break;
      case "closed":
        if (entry.by === "server") socket?.closes(entry);
        else {
          await due(entry.ms);
          await (socket ?? requests.get(entry.line))?.leave();
        }
        break;
      case "request":
        await due(entry.ms);
        requests.set(entry.line, new RequestLine(entry, stage));
        break;
      case "answer":
        requests.get(entry.line)?.expects(entry);
        compared++;
    }
  }
  await settle(lines(), bell, stage.timeoutMs);
  await Promise.all(lines().map((line) => line.end()));
  findings.sort((one, other) => one.at - other.at);
  return { findings, sockets: sockets.size, requests: requests.size, compared };
}

function upOf(entry: Placed<EntryOf<"up">>, { ledger, proofs }: Stage): string | Uint8Array {
  if (entry.json !== undefined) return proofs.fresh(JSON.stringify(ledger.said(entry.json)));
  const given = givenOf(entry) ?? "";
  return typeof given === "string" ? proofs.fresh(given) : given;
}

/** Until all that was recorded so far has come, or the time is up. */
async function settle(lines: readonly Line[], bell: Bell, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!lines.every((line) => line.settled)) {
    const leftMs = until - performance.now();
    if (leftMs <= 0) break;
    await bell.rung(leftMs);
  }
  for (const line of lines) line.conclude();
}

/** Rung when something has come. */
class Bell {
  #wake: () => void = () => {};

  ring(): void {
    this.#wake();
  }

  async rung(timeoutMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
  }
}
