import type { Check, Suite } from "./check.ts";
import { Ear } from "./ear.ts";
import { isName, Notebook } from "./notebook.ts";
import { codeOf, messageOf } from "../lib/failure.ts";
import { missingNeed } from "./needs.ts";
import { Peer, within } from "./peer.ts";
import { type Outcome, type Result, Skip, Stop } from "./result.ts";
import type { Scene } from "./scene.ts";
import { askAnswer, makeEvent } from "./asking.ts";
import { dial, expectRefusal } from "./dialling.ts";
import type { Run } from "./run.ts";
import type { Step } from "./steps.ts";

/** A check may wait for several frames in vain, but not for all of them. */
const WAITS_PER_CHECK = 4;

/** Runs one check, and leaves nothing open. Never throws for what a server does, never hangs. */
export async function play(suite: Suite, check: Check, scene: Scene, all: Run): Promise<Result> {
  const began = performance.now();
  const run = check.level === "addition" ? { ...all, waitMs: all.additionMs } : all;
  const notes = new Notebook(check.level, new Map(run.names));
  const why =
    missingNeed(check, run) ?? (await played(new Player(suite, check, scene, run, notes), check, notes));
  for (const [name, value] of notes.kept) if (isName(name)) run.names.set(name, value);
  return {
    check,
    outcome: outcomeOf(notes, why, run.strict),
    findings: [...notes.findings],
    ...(why === undefined ? {} : { why }),
    transcript: [...notes.transcript],
    ms: Math.round(performance.now() - began),
  };
}

function outcomeOf({ findings }: Notebook, why: string | undefined, strict: boolean): Outcome {
  if (findings.some(({ level }) => strict || level === "documented")) return "differs";
  if (why !== undefined) return "skipped";
  return findings.some(({ level }) => level === "addition") ? "addition" : "ok";
}

/** Plays the steps within the limit; answers why they were skipped, if they were. */
async function played(player: Player, { extraMs = 0 }: Check, notes: Notebook): Promise<string | undefined> {
  const limitMs = player.run.timeoutMs * WAITS_PER_CHECK + extraMs;
  try {
    const ended = await within(
      limitMs,
      player.play().then(() => true),
    );
    if (ended === null) notes.found(`it took longer than ${limitMs / 1000} s`);
  } catch (fault) {
    if (fault instanceof Skip) return fault.message;
    if (!(fault instanceof Stop)) notes.found(unreachable(fault, player.run));
  } finally {
    notes.close();
    await player.end();
  }
  return undefined;
}

/** Faults of the network have codes or time out; whatever else is thrown is ours. */
function unreachable(fault: unknown, { timeoutMs }: Run): string {
  if (fault instanceof Error && fault.name === "TimeoutError")
    return `the server does not answer within ${timeoutMs / 1000} s`;
  if (codeOf(fault) === "") throw fault;
  return `the server cannot be reached: ${messageOf(fault)}`;
}

class Player {
  readonly run: Run;
  readonly #check: Check;
  readonly #suite: Suite;
  readonly #scene: Scene;
  readonly #notes: Notebook;
  readonly #ears = new Map<string, Ear>();
  readonly #deaf = new Set<Ear>();
  /** Set when the time is up: what is still going on opens nothing any more. */
  #over = false;

  constructor(suite: Suite, check: Check, scene: Scene, run: Run, notes: Notebook) {
    this.#check = check;
    this.#suite = suite;
    this.#scene = scene;
    this.run = run;
    this.#notes = notes;
  }

  async play(): Promise<void> {
    for (const step of this.#check.steps(this.#scene)) {
      if (this.#over) return;
      await this.#step(step);
    }
    // Nothing may have come that nobody asked about.
    for (const ear of this.#ears.values()) if (!this.#deaf.has(ear)) await ear.settle();
  }

  async end(): Promise<void> {
    this.#over = true;
    await Promise.all([...this.#ears.values()].map((ear) => ear.peer.close()));
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case "open":
        return this.#open(step);
      case "refused":
        return expectRefusal(step, this.#scene, this.run, this.#notes);
      case "send":
        return this.#send(step);
      case "refresh":
        this.#notes.note(`${step.peer} → {"type":"refresh","data":{"token":"…"}}`);
        return this.#ear(step.peer).peer.send(
          JSON.stringify({ type: "refresh", data: { token: this.run.people.token("a") } }),
        );
      case "hear":
        return this.#ear(step.peer).hear(step.items);
      case "quiet":
        return this.#ear(step.peer).quiet();
      case "closed":
        return this.#ear(step.peer).closed(step.expected, step.moreMs);
      case "leave":
        this.#notes.note(`${step.peer} leaves`);
        return this.#ear(step.peer).leave();
      case "ask":
        return askAnswer(step, this.#scene, this.run, this.#notes);
      case "make":
        return makeEvent(step, this.#scene, this.run, this.#notes);
    }
  }

  async #open({ peer: name, path, dial: how }: Extract<Step, { do: "open" }>): Promise<void> {
    const peer: Peer = await dial(path, how, this.#scene, this.run, this.#notes, name);
    if (this.#over) return peer.close();
    const ear = new Ear(name, path, peer, this.#suite, this.run, this.#notes);
    this.#ears.set(name, ear);
    if (how.deaf === true) this.#deaf.add(ear);
  }

  #send({ peer, frame }: Extract<Step, { do: "send" }>): void {
    const value: unknown = typeof frame === "function" ? frame(this.#notes.kept) : frame;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    this.#notes.note(`${peer} → ${text}`);
    this.#ear(peer).peer.send(text);
  }

  #ear(name: string): Ear {
    const ear = this.#ears.get(name);
    if (ear === undefined) throw new Error(`the check has no socket "${name}"`);
    return ear;
  }
}
