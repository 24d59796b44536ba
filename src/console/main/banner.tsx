import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button.tsx";
import { Icon } from "../lib/icon.tsx";
import { useApp } from "./app.ts";

/** While the server is away: what is so, and that it mends itself. Speaks when that begins and ends. */
export function Banner(): VNode | null {
  const { link, announcer } = useApp();
  const state = link.state.value;
  const was = useRef(true);
  const [, tick] = useState(0);

  useEffect(() => {
    if (state.up === was.current) return;
    was.current = state.up;
    if (state.up) announcer.tell("The server is back.");
    else announcer.speak(`${state.why} The console tries again by itself.`);
  }, [state.up]);
  useEffect(() => {
    if (state.up) return;
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [state.up]);

  if (state.up) return null;
  const seconds = Math.max(0, Math.ceil((state.nextMs - Date.now()) / 1000));
  return (
    <aside class="banner" aria-label="Connection to the server">
      <Icon name="alert" />
      <p class="grow">
        <strong>{state.why}</strong> What is shown may be old.{" "}
        <span class="dim">{seconds === 0 ? "Trying…" : `Next try in ${seconds} s.`}</span>
      </p>
      <Button size="small" onClick={() => link.retry()}>
        Try now
      </Button>
    </aside>
  );
}
