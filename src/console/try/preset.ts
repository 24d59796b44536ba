/** "See one event translated": two dialects, one user, one task event, heard in both. */
import type { ReadonlySignal } from "@preact/signals";
import type { Documents } from "./documents-load.ts";
import type { Pane } from "./pane.ts";
import type { LinkState } from "./link.ts";
import type { Telling } from "./telling.ts";
import { clock } from "../lib/format.ts";
import type { Token } from "./tokens.ts";

export interface Heard {
  readonly dialect: string;
  /** From asking the server to the frame. */
  readonly ms: number;
}

const OPERATION = "/api/v1/realtime/events/task";
/** Two that name things differently; taken where the panes show the same dialect, or one that hears nothing. */
const USUAL = ["onetask", "chat"] as const;
const PATIENCE_MS = 5000;

/** Sockets that hear a user's own notifications, whatever they are called. */
const hearsUser = (pane: Pane): boolean => pane.socket.value.personal;

/** Throws an Error that says what stands in the way. */
export async function seeTranslated(
  panes: readonly [Pane, Pane],
  telling: Telling,
  token: Token,
  documents: Documents,
): Promise<readonly Heard[]> {
  prepare(panes, token, documents);
  for (const pane of panes) {
    if (pane.link.state.value === "closed") void pane.connect();
    if (!(await settled(pane.link.state))) throw new Error("A socket was refused; its pane says why.");
  }
  const title = `Write the report, ${clock(new Date().toISOString())}`;
  telling.tokenText.value = token.text;
  const start = performance.now();
  const heard = panes.map(async (pane): Promise<Heard> => {
    const entry = await pane.link.transcript.heard(({ text }) => text.includes(title), PATIENCE_MS);
    pane.marked.value = new Set([entry.id]);
    return { dialect: pane.socket.value.dialect, ms: performance.now() - start };
  });
  const all = Promise.allSettled(heard);
  await tell(telling, title, documents);
  const results = await all;
  return results.map((result, at) => {
    if (result.status === "fulfilled") return result.value;
    throw new Error(`Nothing came on ${panes[at]?.socket.value.dialect ?? "a socket"}.`);
  });
}

/** Leaves what fits as it is. */
function prepare(panes: readonly [Pane, Pane], token: Token, { dialects }: Documents): void {
  const different = panes[0].socket.value.dialect !== panes[1].socket.value.dialect;
  const fits = different && panes.every(hearsUser);
  panes.forEach((pane, at) => {
    const sockets = dialects.find(({ name }) => name === USUAL[at])?.sockets ?? [];
    const usual = sockets.find(({ personal }) => personal);
    if (fits && pane.tokenText.value === token.text) return;
    pane.disconnect();
    if (!fits && usual !== undefined) pane.choose(usual);
    pane.tokenText.value = token.text;
    pane.fill("user_id", token.userId);
  });
}

/** True once it is open, false once it is closed. */
function settled(state: ReadonlySignal<LinkState>): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = state.subscribe((now) => {
      if (now === "connecting") return;
      queueMicrotask(() => stop());
      resolve(now === "open");
    });
  });
}

async function tell(telling: Telling, title: string, { operations }: Documents): Promise<void> {
  const operation = operations.find(({ path }) => path === OPERATION);
  if (operation === undefined) throw new Error(`This server has no ${OPERATION}.`);
  telling.choose(operation);
  // Without a workspace and targets it is told to whoever asks, and needs no membership.
  telling.write({ task_id: 456, title, action: "updated" });
  const told = await telling.send();
  if ("fault" in told) throw new Error(told.fault);
  if (told.status >= 400) throw new Error(`The event was refused: HTTP ${told.status}.`);
}
