import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { CodeBlock } from "../../lib/code.tsx";
import { Failed, Note } from "../../lib/empty.tsx";
import { Segments } from "../../lib/field.tsx";
import { bytes, count, duration, plural } from "../../lib/format.ts";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useResource } from "../data/resource.ts";
import type { Stats } from "../data/types.ts";
import { Charts } from "../parts/charts.tsx";
import { ByDialect, ServerFacts, Warnings } from "../parts/overview-cards.tsx";
import { Page } from "../parts/page.tsx";
import { Tile } from "../parts/tile.tsx";

const EVERY_MS = 2000;
const YOUNG_SECONDS = 120;
const USUAL = "300";
const SPANS = [
  ["60", "1 min"],
  ["300", "5 min"],
  ["900", "15 min"],
] as const;

export function Overview(): VNode {
  const { api } = useApp();
  const [chosen, setChosen] = useState<string | null>(null);
  const seconds = chosen ?? USUAL;
  const { data, error, reload } = useResource("stats", (signal) => api.stats(Number(seconds), signal), {
    everyMs: EVERY_MS,
  });
  // A server that has just started would fill a corner of five minutes.
  if (chosen === null && data !== null) setChosen(data.uptime_seconds < YOUNG_SECONDS ? "60" : USUAL);
  const span = seconds === "60" ? "last minute" : `last ${Number(seconds) / 60} minutes`;
  return (
    <Page
      title="Overview"
      about={data === null ? "" : `${data.version} · up ${duration(data.uptime_seconds)}`}
      padded
      actions={
        <Segments
          label="Time shown"
          value={seconds}
          onValue={(value) => {
            setChosen(value);
            reload();
          }}
          options={SPANS}
        />
      }
    >
      {data !== null && data.totals.opened === 0 ? <NobodyYet /> : null}
      {data === null && error !== null ? <Failed what={error.message} onAgain={reload} /> : null}
      <Tiles stats={data} />
      <Charts series={data?.series ?? null} seconds={Number(seconds)} span={span} />
      {data === null ? null : (
        <div class="thirds">
          <ByDialect stats={data} />
          <Warnings warnings={data.warnings} />
          <ServerFacts stats={data} />
        </div>
      )}
    </Page>
  );
}

function Tiles({ stats }: { readonly stats: Stats | null }): VNode {
  const peak = useMemo(
    () => Math.max(0, ...(stats?.series.connections ?? []).map((value) => value ?? 0)),
    [stats],
  );
  const rate =
    stats === null ? 0 : (stats.series.frames_in.at(-1) ?? 0) + (stats.series.frames_out.at(-1) ?? 0);
  return (
    <div class="tiles">
      <Tile
        label="Connections"
        value={stats && count(stats.connections)}
        under={`peak ${count(peak)}`}
        href="#/connections"
      />
      <Tile
        label="Users online"
        value={stats && count(stats.users)}
        under={stats && `in ${plural(stats.rooms, "room")}`}
        href="#/users"
      />
      <Tile
        label="Messages a second"
        value={stats && count(rate)}
        under={stats && `${count(stats.totals.frames_in + stats.totals.frames_out)} since the start`}
      />
      <Tile
        label="Events kept"
        value={
          stats &&
          count(
            stats.last_event_id < stats.first_event_id ? 0 : stats.last_event_id - stats.first_event_id + 1,
          )
        }
        under={
          stats &&
          (stats.last_event_id < stats.first_event_id ? "none yet" : `last id ${stats.last_event_id}`)
        }
        href="#/events"
      />
      <Tile
        label="Memory"
        value={stats && bytes(stats.memory_bytes)}
        under={stats && `store ${bytes(stats.store.bytes + stats.store.wal_bytes)}`}
      />
    </div>
  );
}

/** The first thing that a newcomer sees. */
function NobodyYet(): VNode {
  const commands = useCommands();
  return (
    <Note>
      <p>
        <strong>Nobody has connected yet.</strong> Listen to a room from a terminal, open a socket in{" "}
        <a href="/websocket_test.html">Try it</a>, or read how in the <a href="/docs">documentation</a>.
      </p>
      {commands === null ? null : (
        <CodeBlock text={commands.server("tail channel:1")} label="Copy the command" />
      )}
    </Note>
  );
}
