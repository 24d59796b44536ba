import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";

/** The frame of a view: its head, a bar of tools, and what scrolls under them. */
export function Page({
  title,
  about,
  actions,
  tools,
  padded,
  children,
}: {
  readonly title: string;
  /** A few words beside the title: how many there are. */
  readonly about?: ComponentChildren;
  /** What can be done here, at the right of the title. */
  readonly actions?: ComponentChildren;
  /** The filter and its like. */
  readonly tools?: ComponentChildren;
  /** With room around it; tables go from edge to edge. */
  readonly padded?: boolean;
  readonly children: ComponentChildren;
}): VNode {
  useEffect(() => {
    document.title = `${title} · Dragoman`;
  }, [title]);
  return (
    <div class="page">
      <header class="page-head">
        <h1 tabIndex={-1}>{title}</h1>
        <p class="dim cut">{about}</p>
        <span class="grow" />
        {actions}
      </header>
      {tools === undefined ? null : <div class="page-tools">{tools}</div>}
      <div class={padded ? "page-body padded" : "page-body"} role="region" aria-label={title} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
