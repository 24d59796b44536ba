import type { VNode } from "preact";
import { Empty } from "../../lib/empty.tsx";
import { Search } from "../../lib/field.tsx";
import { count, moment } from "../../lib/format.ts";
import type { Column } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useFoundUsers } from "../data/found-users.ts";
import { href } from "../data/router.ts";
import type { User } from "../data/types.ts";
import { Listing } from "../parts/listing.tsx";
import { Page } from "../parts/page.tsx";
import { Person } from "../parts/person.tsx";
import { Online } from "../parts/online.tsx";
import { UserDrawer } from "../parts/user-drawer.tsx";

const EVERY_MS = 5000;

const COLUMNS: readonly Column<User>[] = [
  {
    name: "user",
    label: "User",
    lead: true,
    cell: ({ id, username }) => (
      <div class="cut">
        <Person id={id} name={username} />
      </div>
    ),
  },
  { name: "connected", label: "Now", cell: ({ connected }) => <Online connected={connected} /> },
  {
    name: "unread",
    label: "Unread",
    align: "end",
    cell: ({ unread }) => (unread === 0 ? <span class="dim">0</span> : count(unread)),
  },
  {
    name: "last",
    label: "Last seen",
    from: "middle",
    cell: ({ last_seen_at }) => <span class="nowrap">{moment(last_seen_at)}</span>,
  },
  {
    name: "first",
    label: "First seen",
    from: "wide",
    cell: ({ first_seen_at }) => <span class="nowrap dim">{moment(first_seen_at)}</span>,
  },
];

export function Users(): VNode {
  const { router } = useApp();
  const commands = useCommands();
  const { id } = router.place.value;
  const { text, setText, q, source } = useFoundUsers("users", EVERY_MS);
  return (
    <Page
      title="Users"
      about="everybody whom the server has seen"
      tools={<Search label="Search: id or name begins with" value={text} onValue={setText} />}
    >
      <Listing
        label="Users"
        columns={COLUMNS}
        source={source}
        rows={source.data}
        keyOf={({ id }) => String(id)}
        hrefOf={({ id }) => router.to(id)}
        below={({ last_seen_at }) => `last seen ${moment(last_seen_at)}`}
        current={id ?? undefined}
        empty={
          q === "" ? (
            <Empty
              icon="users"
              title="Nobody was here yet"
              command={commands?.server('notify user:101 "Hello"')}
            >
              <p>
                A user is known once he has connected, spoken or been notified. Give somebody a{" "}
                <a href={href("tokens")}>token</a>, or notify him:
              </p>
            </Empty>
          ) : (
            <p class="aside-pad dim">No id and no name begins with “{q}”.</p>
          )
        }
      />
      {id === null ? null : (
        <UserDrawer key={id} id={id} onClose={() => router.go(router.to(null))} onChange={source.reload} />
      )}
    </Page>
  );
}
