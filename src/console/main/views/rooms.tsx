import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Empty } from "../../lib/empty.tsx";
import { Search } from "../../lib/field.tsx";
import { count, plural } from "../../lib/format.ts";
import type { Column } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useFilter } from "../data/filter.ts";
import { usePages } from "../data/resource.ts";
import type { Room } from "../data/types.ts";
import { Listing } from "../parts/listing.tsx";
import { Page } from "../parts/page.tsx";
import { RoomDrawer } from "../parts/room-drawer.tsx";

const EVERY_MS = 3000;

const some = (value: number): VNode => (value === 0 ? <span class="dim">0</span> : <>{count(value)}</>);

const COLUMNS: readonly Column<Room>[] = [
  { name: "room", label: "Room", lead: true, cell: ({ room }) => <div class="cut mono">{room}</div> },
  { name: "users", label: "Users now", align: "end", cell: ({ users }) => some(users) },
  { name: "sockets", label: "Sockets", align: "end", from: "middle", cell: ({ sockets }) => some(sockets) },
  {
    name: "workspace",
    label: "Workspace",
    from: "middle",
    cell: ({ workspace_id }) =>
      workspace_id === null ? <span class="dim">none</span> : <code>{workspace_id}</code>,
  },
  {
    name: "stored",
    label: "Kept",
    from: "middle",
    cell: ({ stored }) =>
      stored ? <span class="pill ok">stored</span> : <span class="pill">while in use</span>,
  },
];

export function Rooms(): VNode {
  const { api, router } = useApp();
  const commands = useCommands();
  const { id } = router.place.value;
  const [text, setText] = useFilter("q");
  const source = usePages("rooms", (page, signal) => api.rooms(page, signal), {
    everyMs: EVERY_MS,
    limit: 200,
  });
  const wanted = text.trim().toLowerCase();
  const rows = useMemo(
    () =>
      source.data?.filter(({ room, workspace_id }) =>
        `${room} ${workspace_id ?? ""}`.toLowerCase().includes(wanted),
      ) ?? null,
    [source.data, wanted],
  );
  const active = source.data?.filter(({ sockets }) => sockets > 0).length ?? 0;
  return (
    <Page
      title="Rooms"
      about={
        source.data === null
          ? ""
          : `${plural(source.data.length, "room")}${source.more === null ? "" : " or more"}, ${count(active)} in use`
      }
      tools={<Search label="Filter by room or workspace" value={text} onValue={setText} />}
    >
      <Listing
        label="Rooms"
        columns={COLUMNS}
        source={source}
        rows={rows}
        keyOf={({ room }) => room}
        hrefOf={({ room }) => router.to(room)}
        below={({ sockets, workspace_id }) =>
          `${plural(sockets, "socket")}${workspace_id === null ? "" : `, workspace ${workspace_id}`}`
        }
        current={id ?? undefined}
        empty={
          <Empty icon="rooms" title="No rooms yet" command={commands?.server('send channel:1 "Hello"')}>
            <p>A room shows here while somebody is in it, or once it is stored. Say something in one:</p>
          </Empty>
        }
      />
      {id === null ? null : (
        <RoomDrawer
          key={id}
          room={id}
          known={source.data?.find(({ room }) => room === id) ?? null}
          onClose={() => router.go(router.to(null))}
        />
      )}
    </Page>
  );
}
