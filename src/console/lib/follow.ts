import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** How near the end still counts as reading along. */
const NEAR_END_PX = 40;

export interface Follow {
  readonly onScroll: () => void;
  /** Something in it is read: it stays where it is until its reader scrolls to the end. */
  readonly hold: () => void;
}

/** Keeps a list that grows at its end in view there, unless somebody reads further up. */
export function useFollow<E extends HTMLElement>(list: RefObject<E | null>, grown: unknown): Follow {
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [grown]);
  return {
    hold() {
      follows.current = false;
    },
    onScroll() {
      const element = list.current;
      if (element === null) return;
      follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    },
  };
}
