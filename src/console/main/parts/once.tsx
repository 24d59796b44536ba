import type { VNode } from "preact";
import { CodeBlock } from "../../lib/code.tsx";
import { Note } from "../../lib/empty.tsx";

/** A secret that the server does not show again. */
export const ShownOnce = ({ secret, name }: { readonly secret: string; readonly name: string }): VNode => (
  <div class="stack tight">
    <Note kind="warn">
      <p>This {name} is shown once. Copy it now; the server keeps no readable copy.</p>
    </Note>
    <CodeBlock text={secret} label={`Copy the ${name}`} />
  </div>
);
