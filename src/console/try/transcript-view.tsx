import { useComputed, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "../lib/button.tsx";
import { classes } from "../lib/classes.ts";
import { CodeBlock, CopyButton } from "../lib/code.tsx";
import { Check, Segments } from "../lib/field.tsx";
import { bytes, clockMs, count, plural } from "../lib/format.ts";
import { JsonBlock } from "../lib/json.tsx";
import { ARROWS, type Direction } from "./arrows.ts";
import type { Pane } from "./pane.ts";
import { type Entry, transcriptText } from "./transcript.ts";

const SPOKEN = { in: "received", out: "sent", note: "" } as const satisfies Record<Direction, string>;
const DIRECTIONS = [
  ["all", "Both"],
  ["in", "In"],
  ["out", "Out"],
] as const;
/** So near to the end counts as being there. */
const NEAR_PX = 40;

/** What went both ways, with what one needs to find something in it. */
export function TranscriptView({ pane }: { readonly pane: Pane }): VNode {
  const shown = useComputed(() => {
    const sought = pane.filter.value.trim().toLowerCase();
    const wanted = pane.wanted.value;
    return pane.link.transcript.entries.value.filter(
      ({ direction, text }) =>
        (wanted === "all" || direction === wanted) && (sought === "" || text.toLowerCase().includes(sought)),
    );
  });
  return (
    <div class="transcript">
      <Tools pane={pane} shown={shown.value} />
      <List pane={pane} entries={shown.value} />
    </div>
  );
}

const Tools = ({ pane, shown }: { readonly pane: Pane; readonly shown: readonly Entry[] }): VNode => (
  <div class="row wrap bar">
    <Segments
      label="Direction"
      value={pane.wanted.value}
      onValue={(value) => {
        pane.wanted.value = value as Direction | "all";
      }}
      options={DIRECTIONS}
    />
    <input
      class="input grow filter"
      type="search"
      aria-label="Filter"
      placeholder="Filter"
      value={pane.filter.value}
      onInput={(event) => {
        pane.filter.value = event.currentTarget.value;
      }}
    />
    <Check
      label="Pretty"
      checked={pane.pretty.value}
      onValue={(value) => {
        pane.pretty.value = value;
      }}
    />
    <CopyButton kind="quiet" size="small" text={transcriptText(shown)}>
      Copy
    </CopyButton>
    <IconButton
      kind="quiet"
      size="small"
      icon="clear"
      label="Clear the transcript"
      onClick={() => pane.link.transcript.clear()}
    />
  </div>
);

function List({ pane, entries }: { readonly pane: Pane; readonly entries: readonly Entry[] }): VNode {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const forgotten = pane.link.transcript.forgotten.value;

  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [entries]);

  return (
    <div
      class="entries"
      ref={box}
      role="log"
      aria-live="off"
      aria-label="Transcript"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
      }}
    >
      {forgotten === 0 ? null : (
        <p class="dim small forgotten">{plural(forgotten, "older entry", "older entries")} forgotten.</p>
      )}
      {entries.length === 0 ? <Nothing pane={pane} /> : null}
      {entries.map((entry) => (
        <EntryView
          key={entry.id}
          entry={entry}
          pretty={pane.pretty.value}
          marked={pane.marked.value.has(entry.id)}
        />
      ))}
    </div>
  );
}

function Nothing({ pane }: { readonly pane: Pane }): VNode {
  const { summary, says } = pane.socket.value;
  const any = pane.link.transcript.entries.value.length;
  if (any > 0)
    return <p class="dim nothing">Nothing here matches; {count(any)} in all. Take the filter away.</p>;
  if (pane.link.state.value === "open")
    return (
      <p class="dim nothing">
        Open, and silent so far. {says.length > 0 ? "Send a frame below, or tell" : "Tell"} an event over
        HTTP.
      </p>
    );
  return (
    <div class="nothing stack tight">
      <p class="dim">{summary}</p>
      <CodeBlock text={pane.wscat()} shown={pane.wscat(true)} label="Copy the command" />
    </div>
  );
}

function EntryView({
  entry,
  pretty,
  marked,
}: {
  readonly entry: Entry;
  readonly pretty: boolean;
  readonly marked: boolean;
}): VNode {
  const open = useSignal(pretty || marked);
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    open.value = pretty || marked;
  }, [pretty, marked]);
  // What the page points at is seen from its first line on.
  useEffect(() => {
    const list = element.current?.parentElement;
    if (marked && open.value && list) list.scrollTop = element.current?.offsetTop ?? 0;
  }, [marked, open.value]);
  if (entry.direction === "note")
    return (
      <p class="entry note-line">
        <time class="dim mono">{clockMs(entry.at)}</time> <span class="dim">{entry.text}</span>
      </p>
    );
  return (
    <details
      ref={element}
      class={classes("entry", entry.direction, marked && "marked")}
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        <time class="dim mono">{clockMs(entry.at)}</time>
        <span class="arrow">
          <span aria-hidden="true">{ARROWS[entry.direction]}</span>
          <span class="spoken">{SPOKEN[entry.direction]}</span>
        </span>
        <span class="line cut">
          {entry.label === "" ? null : <b>{entry.label}</b>}
          {entry.line}
        </span>
        <span class="dim small size">{bytes(entry.bytes)}</span>
      </summary>
      {open.value ? <Whole entry={entry} /> : null}
    </details>
  );
}

const Whole = ({ entry: { json, text } }: { readonly entry: Entry }): VNode =>
  json === undefined ? (
    <CodeBlock text={text} label="Copy the frame" />
  ) : (
    <JsonBlock value={json} label="Copy the frame" />
  );
