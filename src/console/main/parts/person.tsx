import type { VNode } from "preact";
import type { Id } from "../data/types.ts";

/** A name, and the id where that says more. */
export const Person = ({ id, name }: { readonly id: Id | null; readonly name: string }): VNode => (
  <span class="nowrap">
    {name}
    {id === null || String(id) === name ? null : <span class="dim"> {id}</span>}
  </span>
);
