import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { EVENT_KINDS } from "../../../core/event.ts";
import { Button } from "../../lib/button.tsx";
import { Empty, Failed } from "../../lib/empty.tsx";
import { Search, Select } from "../../lib/field.tsx";
import { clockMs, count, plural } from "../../lib/format.ts";
import { type Column, Table } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useFilter } from "../data/filter.ts";
import { gistOf } from "../live/events.ts";
import { type FeedEvent, MAX_EVENTS } from "../live/feed.ts";
import { useFeed } from "../live/use-feed.ts";
import { EventDrawer } from "../parts/event-drawer.tsx";
import { PauseButton } from "../parts/frames.tsx";
import { Page } from "../parts/page.tsx";

/** Rows drawn at once; the filter goes through all that are held. */
const DRAWN = 200;

const COLUMNS: readonly Column<FeedEvent>[] = [
  {
    name: "at",
    label: "Time",
    cell: ({ at }) => <time class="nowrap mono">{clockMs(at)}</time>,
  },
  { name: "kind", label: "Kind", cell: ({ kind }) => <span class="pill">{kind}</span> },
  { name: "topic", label: "Topic", from: "middle", cell: ({ topic }) => <code class="nowrap">{topic}</code> },
  {
    name: "gist",
    label: "What",
    fill: true,
    from: "middle",
    cell: (event) => <div class="cut">{gistOf(event)}</div>,
  },
  {
    name: "actor",
    label: "By",
    from: "wide",
    cell: ({ actor }) => actor?.username ?? <span class="dim">the server</span>,
  },
  {
    name: "id",
    label: "Event id",
    align: "end",
    from: "wide",
    cell: ({ event_id }) =>
      event_id === undefined ? <span class="dim">live</span> : <code>{event_id}</code>,
  },
];

const KINDS: readonly (readonly [string, string])[] = [
  ["", "All kinds"],
  ...Object.keys(EVENT_KINDS)
    .filter((kind) => kind !== "user.broadcast")
    .map((kind) => [kind, kind] as const),
];

const textOf = (event: FeedEvent): string => JSON.stringify(event).toLowerCase();

export function Events(): VNode {
  const { router } = useApp();
  const commands = useCommands();
  const { id } = router.place.value;
  const { feed, source } = useFeed();
  const [text, setText] = useFilter("q");
  const [topic, setTopic] = useFilter("topic");
  const [kind, setKind] = useFilter("kind");
  const events = feed.events.value;
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return events.filter(
      (event) =>
        (kind === "" || event.kind === kind) &&
        (topic === "" || event.topic === topic) &&
        (wanted === "" || textOf(event).includes(wanted)),
    );
  }, [events, kind, topic, text]);
  const topics = useMemo(() => [...new Set(events.map((event) => event.topic))].toSorted(), [events]);
  const opened = id === null ? undefined : events.find(({ place }) => String(place) === id);
  const state = source.state.value;

  return (
    <Page
      title="Events"
      about={<State state={state} paused={feed.paused.value} />}
      actions={
        <div class="row">
          <PauseButton
            paused={feed.paused.value}
            held={feed.held.value}
            onPause={() => {
              if (feed.paused.value) feed.resume();
              else feed.paused.value = true;
            }}
          />
          <Button size="small" icon="clear" onClick={() => feed.clear()}>
            Clear
          </Button>
        </div>
      }
      tools={
        <>
          <Search label="Filter by any text" value={text} onValue={setText} />
          <Select label="Kind" value={kind} onValue={setKind} options={KINDS} />
          <Select
            label="Topic"
            value={topic}
            onValue={setTopic}
            options={[
              ["", "All topics"],
              ...(topic === "" || topics.includes(topic) ? topics : [topic, ...topics]).map(
                (name) => [name, name] as const,
              ),
            ]}
          />
          <span class="dim small counts">
            {plural(rows.length, "event")}
            {events.length >= MAX_EVENTS ? `, the last ${count(MAX_EVENTS)} are held` : ""}
          </span>
        </>
      }
    >
      {feed.left.value ? (
        <p class="aside-pad dim">
          {count(feed.held.value)} are held here. What comes now waits in the server's log and follows when
          you go on.
        </p>
      ) : null}
      {source.fault.value !== null && state !== "open" ? (
        <div class="aside-pad">
          <Failed what={source.fault.value} />
        </div>
      ) : null}
      {events.length === 0 ? (
        <Empty
          icon="events"
          title="Nothing has happened yet"
          command={commands?.server('notify user:101 "Hello"')}
        >
          <p>Everything that the server tells anybody shows here as it happens. Tell somebody something:</p>
        </Empty>
      ) : (
        <Table
          label="Events, newest first"
          columns={COLUMNS}
          rows={rows.slice(0, DRAWN)}
          keyOf={({ place }) => String(place)}
          hrefOf={({ place }) => router.to(place)}
          below={(event) => `${event.topic} · ${gistOf(event)}`}
          current={id ?? undefined}
        />
      )}
      {rows.length === 0 && events.length > 0 ? <p class="aside-pad dim">Nothing fits the filter.</p> : null}
      {rows.length > DRAWN ? (
        <p class="aside-pad dim">
          The newest {DRAWN} of {count(rows.length)}; filter to see others.
        </p>
      ) : null}
      {opened === undefined ? null : (
        <EventDrawer event={opened} onClose={() => router.go(router.to(null))} />
      )}
    </Page>
  );
}

const WORDS = { connecting: "connecting", open: "live", away: "waiting for the server" } as const;

const State = ({
  state,
  paused,
}: {
  readonly state: keyof typeof WORDS;
  readonly paused: boolean;
}): VNode => (
  <span class={state === "open" && !paused ? "state ok" : "state dim"}>
    <i class="dot" />
    {paused ? "paused" : WORDS[state]}
  </span>
);
