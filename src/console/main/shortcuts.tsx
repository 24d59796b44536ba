import type { VNode } from "preact";
import { Dialog } from "../lib/dialog.tsx";
import { Keys } from "../lib/kbd.tsx";
import { PAGES, VIEWS } from "./places.ts";

const ACTS: readonly (readonly [keys: string, what: string])[] = [
  ["/", "To the filter"],
  ["j", "Next row, also while one is open"],
  ["k", "Row before"],
  ["Enter", "Open the row"],
  ["Esc", "Close, or clear and leave the filter"],
  ["?", "These shortcuts"],
];

const Rows = ({ rows }: { readonly rows: readonly (readonly [keys: string, what: string])[] }): VNode => (
  <dl class="shortcuts">
    {rows.map(([keys, what]) => (
      <div key={keys}>
        <dt>{what}</dt>
        <dd>
          <Keys keys={keys} />
        </dd>
      </div>
    ))}
  </dl>
);

export const Shortcuts = ({ onClose }: { readonly onClose: () => void }): VNode => (
  <Dialog title="Keyboard shortcuts" broad onClose={onClose}>
    <div class="columns">
      <section class="stack tight">
        <h3>Go to</h3>
        <Rows
          rows={[...VIEWS.flatMap(({ items }) => items), ...PAGES].map(({ letter, label }) => [
            `g ${letter}`,
            label,
          ])}
        />
      </section>
      <section class="stack tight">
        <h3>In a list</h3>
        <Rows rows={ACTS} />
      </section>
    </div>
  </Dialog>
);
