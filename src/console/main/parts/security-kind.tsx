import type { VNode } from "preact";
import type { SecurityKind as Kind } from "../../../core/security.ts";

const LOOKS: Readonly<Partial<Record<Kind, string>>> = {
  connected: "ok",
  refused: "bad",
  login_failed: "bad",
  dropped: "warn",
};

export const SecurityKind = ({ kind }: { readonly kind: Kind }): VNode => (
  <span class={`pill ${LOOKS[kind] ?? ""}`}>{kind.replace("_", " ")}</span>
);
