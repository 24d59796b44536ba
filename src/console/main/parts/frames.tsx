import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../../lib/button.tsx";
import { classes } from "../../lib/classes.ts";
import { CodeBlock } from "../../lib/code.tsx";
import { Failed, Note } from "../../lib/empty.tsx";
import { Check } from "../../lib/field.tsx";
import { bytes, clockMs, count, plural } from "../../lib/format.ts";
import { useFollow } from "../../lib/follow.ts";
import { Icon } from "../../lib/icon.tsx";
import { highlighted, prettyJson } from "../../lib/json.tsx";
import type { SeenClose } from "../data/types.ts";
import { isByClient } from "./closes.tsx";
import { MAX_FRAMES, type Watch, type WatchedFrame } from "../live/frames.ts";

/** What goes over one connection, oldest first, as it happens. */
export function Frames({ watched }: { readonly watched: Watch }): VNode {
  const laidOut = useSignal(false);
  const list = useRef<HTMLOListElement>(null);
  const frames = watched.frames.value;
  const { onScroll, hold } = useFollow(list, frames);

  return (
    <div class="stack tight">
      <div class="row wrap">
        <PauseButton paused={watched.paused.value} held={watched.held.value} onPause={pause} />
        <Button size="small" icon="clear" onClick={() => watched.clear()}>
          Clear
        </Button>
        <Check label="Lay out JSON" checked={laidOut.value} onValue={(on) => (laidOut.value = on)} />
        <span class="grow" />
        <span class="dim small">
          {frames.length === 0 ? "" : plural(frames.length, "frame")}
          {frames.length === MAX_FRAMES ? `, the last ${count(MAX_FRAMES)}` : ""}
        </span>
      </div>
      {watched.fault.value === null ? null : <Failed what={watched.fault.value} />}
      <ol class="frames" ref={list} tabIndex={0} aria-label="Frames, oldest first" onScroll={onScroll}>
        {frames.length === 0 && watched.end.value === null ? (
          <li class="frames-none dim">
            Waiting for frames. What goes over this socket from now on shows here.
          </li>
        ) : null}
        {frames.map((frame) => (
          <Frame key={frame.place} frame={frame} laidOut={laidOut.value} onOpen={hold} />
        ))}
      </ol>
      {watched.end.value === null ? null : <Ended close={watched.end.value} />}
    </div>
  );

  function pause(): void {
    if (watched.paused.value) watched.resume();
    else watched.paused.value = true;
  }
}

export const PauseButton = ({
  paused,
  held,
  onPause,
}: {
  readonly paused: boolean;
  readonly held: number;
  readonly onPause: () => void;
}): VNode => (
  <Button size="small" icon={paused ? "play" : "pause"} onClick={onPause}>
    {paused ? `Go on${held === 0 ? "" : ` (${count(held)} held)`}` : "Pause"}
  </Button>
);

const WAYS = { in: "from the client", out: "to the client" } as const;

function Frame({
  frame,
  laidOut,
  onOpen,
}: {
  readonly frame: WatchedFrame;
  readonly laidOut: boolean;
  readonly onOpen: () => void;
}): VNode {
  const open = useSignal(false);
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (open.value) item.current?.scrollIntoView({ block: "nearest" });
  }, [open.value]);
  const { direction, at, text, truncated } = frame;
  const pretty = laidOut || open.value ? prettyJson(text) : null;
  return (
    <li class={classes("frame", direction)} ref={item}>
      <button
        type="button"
        class="frame-line"
        aria-expanded={pretty !== null}
        onClick={() => {
          open.value = !open.value;
          if (open.value) onOpen();
        }}
      >
        <span class="frame-way" title={WAYS[direction]}>
          <Icon name={direction} />
          <span class="spoken">{WAYS[direction]} </span>
        </span>
        <time class="dim">{clockMs(at)}</time>
        <span class="grow cut">{text}</span>
        <span class="dim">{bytes(frame.bytes)}</span>
      </button>
      {pretty === null ? null : (
        <div class="frame-open">
          <CodeBlock text={pretty} shown={highlighted(pretty)} label="Copy the frame" />
          {truncated === true ? <p class="hint">Only the first 16 KiB are shown.</p> : null}
        </div>
      )}
    </li>
  );
}

const Ended = ({ close: { code, reason, cause, remedy } }: { readonly close: SeenClose }): VNode => (
  <Note kind={isByClient(cause) ? "info" : "warn"}>
    <p>
      <strong>
        Closed with {code}
        {reason === "" ? "" : ` ${reason}`}
      </strong>
      {isByClient(cause) ? ", by the client." : ` (${cause}).`}
    </p>
    {remedy === null || isByClient(cause) ? null : <p>{remedy}</p>}
  </Note>
);
