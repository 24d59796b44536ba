import type { VNode } from "preact";

/** Keys to be pressed one after another: `g c`. */
export const Keys = ({ keys }: { readonly keys: string }): VNode => (
  <span class="keys">
    {keys.split(" ").map((key) => (
      <kbd key={key}>{key}</kbd>
    ))}
  </span>
);
