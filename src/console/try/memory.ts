/** What the page remembers for as long as its tab is open: the panes, and the tokens pasted into it. */
import { isObject, parseJson } from "../../core/json.ts";
import { listOf, recordOf, textOf } from "./documents.ts";
import type { PaneSetup } from "./pane.ts";

export interface Remembered {
  readonly panes: readonly PaneSetup[];
  readonly tokens: readonly string[];
}

const KEY = "dragoman.try";

export function remembered(): Remembered {
  const found = recordOf(parseJson(stored() ?? ""));
  return {
    panes: listOf(found.panes).filter(isObject).map(setupOf),
    tokens: listOf(found.tokens).filter((text) => typeof text === "string"),
  };
}

export function remember(what: Remembered): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(what));
  } catch {
    // A browser may forbid it; then the page starts afresh.
  }
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** A pane as `found` says; what it does not say is chosen by the page. */
function setupOf(found: Readonly<Record<string, unknown>>): PaneSetup {
  const values = Object.entries(recordOf(found.values)).map(([name, value]) => [name, textOf(value) ?? ""]);
  return {
    dialect: textOf(found.dialect) ?? "",
    socket: textOf(found.socket) ?? "",
    values: Object.fromEntries(values) as Record<string, string>,
    token: textOf(found.token) ?? "",
    lastEventId: textOf(found.lastEventId) ?? "",
  };
}
