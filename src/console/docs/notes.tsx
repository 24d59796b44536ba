import type { ComponentChildren } from "preact";
import type { Loaded } from "./loaded.ts";

/** Shown in the place of the reference until it is there, or where it cannot be had. */
export function Waiting({ loaded }: { readonly loaded: Loaded }) {
  if (loaded === null)
    return (
      <p class="dim" role="status">
        The reference is on its way.
      </p>
    );
  return (
    <p class="note" role="alert">
      The reference of this server could not be read ({String(loaded)}). The guides are here all the same; is the
      server still running?
    </p>
  );
}

const PROOFS: Readonly<Record<string, string>> = {
  none: "no token",
  any: "a token or a service key",
  token: "a token",
  claimed: "no token; with one, more is heard",
  privileged: "an admin's token or a service key",
  operator: "an admin's token or a service key",
  off: "switched off here",
};

export const proofText = (proof: string): string => PROOFS[proof] ?? proof;

export function Badge({ kind, children }: { readonly kind: string; readonly children: ComponentChildren }) {
  return <span class={`badge ${kind}`}>{children}</span>;
}
