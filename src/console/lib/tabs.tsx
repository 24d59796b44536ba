import type { ComponentChildren, VNode } from "preact";
import { useId, useRef } from "preact/hooks";

export interface Tab {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly panel: () => ComponentChildren;
}

/** Arrow keys, Home and End move between the tabs. Source: WAI-ARIA practices, tabs. */
export function Tabs({
  label,
  tabs,
  current,
  onCurrent,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
  readonly onCurrent: (name: string) => void;
}): VNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex(({ name }) => name === current),
  );
  const shown = tabs[at];

  function move(event: KeyboardEvent): void {
    const to = placeAfter(event.key, at, tabs.length);
    const name = to === null ? undefined : tabs[to]?.name;
    if (to === null || name === undefined) return;
    event.preventDefault();
    onCurrent(name);
    (list.current?.children[to] as HTMLElement | undefined)?.focus();
  }

  return (
    <div class="stack tight">
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab, place) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            id={`${id}-${tab.name}`}
            aria-selected={place === at}
            aria-controls={`${id}-panel`}
            tabIndex={place === at ? 0 : -1}
            onClick={() => onCurrent(tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown?.name ?? ""}`}>
        {shown?.panel()}
      </div>
    </div>
  );
}

function placeAfter(key: string, at: number, count: number): number | null {
  if (key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowLeft") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
