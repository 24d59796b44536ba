import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Empty } from "../../lib/empty.tsx";
import { Search, Select } from "../../lib/field.tsx";
import { bytes, count, plural, since } from "../../lib/format.ts";
import type { Column } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useFilter } from "../data/filter.ts";
import { useResource, usePages } from "../data/resource.ts";
import type { Connection } from "../data/types.ts";
import { ConnectionDrawer } from "../parts/connection-drawer.tsx";
import { Listing } from "../parts/listing.tsx";
import { Page } from "../parts/page.tsx";
import { Person } from "../parts/person.tsx";

const EVERY_MS = 2500;
const LIMIT = 200;
const SHOWN_TOPICS = 8;

const COLUMNS: readonly Column<Connection>[] = [
  { name: "user", label: "User", cell: (row) => <Who connection={row} /> },
  { name: "dialect", label: "Dialect", cell: ({ dialect }) => <span class="pill">{dialect}</span> },
  { name: "endpoint", label: "Endpoint", from: "middle", cell: ({ endpoint }) => endpoint },
  {
    name: "topics",
    label: "Listens to",
    fill: true,
    from: "middle",
    cell: ({ topics, topic_count }) => (
      <div class="cut mono dim">
        {topic_count > SHOWN_TOPICS ? `${count(topic_count)}: ` : ""}
        {topics.slice(0, SHOWN_TOPICS).join(", ")}
      </div>
    ),
  },
  {
    name: "address",
    label: "Address",
    from: "wide",
    cell: ({ address }) => <code class="dim">{address}</code>,
  },
  { name: "in", label: "Frames in", align: "end", from: "wide", cell: (row) => count(row.frames_in) },
  {
    name: "buffered",
    label: "Unsent",
    align: "end",
    from: "wide",
    cell: ({ buffered_bytes }) =>
      buffered_bytes === 0 ? <span class="dim">0</span> : <span class="warn">{bytes(buffered_bytes)}</span>,
  },
  {
    name: "since",
    label: "Open for",
    align: "end",
    cell: ({ opened_at }) => <span class="nowrap">{since(opened_at)}</span>,
  },
];

const Who = ({ connection: { kind, user_id, username } }: { readonly connection: Connection }): VNode =>
  kind === "user" ? (
    <Person id={user_id} name={username} />
  ) : (
    <span>
      {username} <span class="pill">{kind === "key" ? "service key" : "no proof"}</span>
    </span>
  );

const textOf = ({ user_id, username, dialect, endpoint, path, address, topics }: Connection): string =>
  [user_id, username, dialect, endpoint, path, address, ...topics].join(" ").toLowerCase();

export function Connections(): VNode {
  const { api, router } = useApp();
  const { id } = router.place.value;
  const [text, setText] = useFilter("q");
  const [dialect, setDialect] = useFilter("dialect");
  const wanted = text.trim().toLowerCase();
  const source = usePages(
    `connections ${dialect}`,
    (page, signal) => api.connections({ ...page, dialect }, signal),
    { everyMs: EVERY_MS, limit: LIMIT },
  );
  const stats = useResource("stats", (signal) => api.stats(1, signal), { everyMs: EVERY_MS });
  const found = useBeyond(wanted, dialect, source.more !== null);
  const rows = useMemo(() => {
    if (source.data === null) return null;
    const fitting = source.data.filter((row) => wanted === "" || textOf(row).includes(wanted));
    const known = new Set(fitting.map((row) => row.id));
    return [...fitting, ...found.filter((row) => !known.has(row.id))];
  }, [source.data, wanted, found]);

  return (
    <Page
      title="Connections"
      about={
        stats.data === null
          ? ""
          : `${count(stats.data.connections)} open, ${plural(stats.data.users, "user")}`
      }
      tools={
        <>
          <Search label="Filter by user, path, topic, address" value={text} onValue={setText} />
          <Select
            label="Dialect"
            value={dialect}
            onValue={setDialect}
            options={[
              ["", "All dialects"],
              ...Object.keys(stats.data?.by_dialect ?? (dialect === "" ? {} : { [dialect]: 0 })).map(
                (name) => [name, name] as const,
              ),
            ]}
          />
        </>
      }
    >
      <Listing
        label="Connections"
        columns={COLUMNS}
        source={source}
        rows={rows}
        keyOf={(row) => String(row.id)}
        hrefOf={(row) => router.to(row.id)}
        below={({ endpoint, path }) => `${endpoint} ${path ?? ""}`}
        current={id ?? undefined}
        empty={<NobodyHere dialect={dialect} />}
      />
      {id === null ? null : (
        <ConnectionDrawer
          key={id}
          id={id}
          known={source.data?.find((row) => String(row.id) === id) ?? null}
          onClose={() => router.go(router.to(null))}
          onChange={source.reload}
        />
      )}
    </Page>
  );
}

const NONE: readonly Connection[] = [];

/** Of a user whose connections are on no page yet; the server finds them by the exact id. */
function useBeyond(wanted: string, dialect: string, isMore: boolean): readonly Connection[] {
  const { api } = useApp();
  const asks = isMore && wanted !== "";
  const { data } = useResource(asks ? `${wanted} ${dialect}` : "", (signal) =>
    asks
      ? api.connections({ user_id: wanted, dialect, limit: LIMIT }, signal)
      : Promise.resolve({ items: NONE, next: null }),
  );
  return data?.items ?? NONE;
}

const NobodyHere = ({ dialect }: { readonly dialect: string }): VNode => (
  <Empty
    icon="connections"
    title={dialect === "" ? "Nobody is connected" : `Nobody is connected in ${dialect}`}
    command={useCommands()?.server("tail channel:1")}
  >
    <p>
      Connections of every dialect show here as they open. Listen to a room from a terminal, or open one in{" "}
      <a href="/websocket_test.html">Try it</a>.
    </p>
  </Empty>
);
