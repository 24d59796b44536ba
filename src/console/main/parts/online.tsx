import type { VNode } from "preact";

export const Online = ({ connected }: { readonly connected: boolean }): VNode =>
  connected ? (
    <span class="state ok">
      <i class="dot" />
      online
    </span>
  ) : (
    <span class="state dim">away</span>
  );
