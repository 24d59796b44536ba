import type { VNode } from "preact";
import { Note } from "../lib/empty.tsx";
import { millis } from "../lib/format.ts";
import type { Desk } from "./desk.ts";

/** How "See one event translated" went. */
export function Translation({ desk }: { readonly desk: Desk }): VNode {
  const translated = desk.translated.value;
  return (
    <div role="status" class="translation" hidden={translated === null}>
      {translated === null ? null : translated.state === "running" ? (
        <Note>Connecting two panes, then telling one task event…</Note>
      ) : translated.state === "failed" ? (
        <Note kind="warn">{translated.why}</Note>
      ) : (
        <Note kind="ok">
          <p>
            <strong>One event, {translated.heard.length} dialects.</strong>{" "}
            {translated.heard.map(({ dialect, ms }) => `${dialect} heard it after ${millis(ms)}`).join(", ")}.
            Both frames are open below.
          </p>
        </Note>
      )}
    </div>
  );
}
