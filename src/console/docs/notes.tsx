import type { ComponentChildren } from "preact";
import { classes } from "../lib/classes.ts";
import { Failed } from "../lib/empty.tsx";
import { guideNamed, titleOf } from "./guides.ts";
import type { Loaded } from "./loaded.ts";
import { hrefOf } from "./route.ts";

/** Shown in the place of the reference until it is there, or where it cannot be had. */
export function Waiting({ loaded }: { readonly loaded: Loaded }) {
  if (loaded === null)
    return (
      <p class="dim" role="status">
        The reference is on its way.
      </p>
    );
  return (
    <Failed
      what={`The reference of this server could not be read: ${String(loaded)}. Is it still running? The guides are here all the same.`}
      onAgain={() => location.reload()}
    />
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

/** A word set apart; its colour is never all that it says. */
export function Pill({ kind, children }: { readonly kind?: string; readonly children: ComponentChildren }) {
  return <span class={classes("pill", kind)}>{children}</span>;
}

const METHODS: Readonly<Record<string, string>> = { GET: "accent", DELETE: "bad" };

export const Method = ({ name }: { readonly name: string }) => (
  <Pill kind={METHODS[name] ?? "ok"}>{name}</Pill>
);

/** What an address names that is not there. */
export function Missing({ what, name }: { readonly what: string; readonly name: string }) {
  const first = titleOf(guideNamed("start") ?? []);
  return (
    <div class="prose">
      <h1>Nothing here</h1>
      <p>
        There is no {what} <code>{name}</code>. Search with <kbd>/</kbd>, or begin with{" "}
        <a href={hrefOf("guide", "start")}>{first}</a>.
      </p>
    </div>
  );
}
