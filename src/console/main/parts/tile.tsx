import type { ComponentChildren, VNode } from "preact";

/** One number, and what it is measured by. Null while it is not known. */
export function Tile({
  label,
  value,
  under,
  href,
}: {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly under: ComponentChildren;
  readonly href?: string;
}): VNode {
  const inside = (
    <>
      <span class="tile-label">{label}</span>
      <span class="tile-value">{value ?? <span class="bone" style={{ width: "60%" }} />}</span>
      <span class="tile-under">{value === null ? "\u00a0" : under}</span>
    </>
  );
  return href === undefined ? (
    <div class="card tile">{inside}</div>
  ) : (
    <a class="card tile" href={href}>
      {inside}
    </a>
  );
}
