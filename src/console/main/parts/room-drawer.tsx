import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Drawer } from "../../lib/dialog.tsx";
import { Failed } from "../../lib/empty.tsx";
import { count } from "../../lib/format.ts";
import { Tabs } from "../../lib/tabs.tsx";
import { useApp } from "../app.ts";
import { useResource } from "../data/resource.ts";
import { href } from "../data/router.ts";
import type { Id, Room } from "../data/types.ts";
import { Messages } from "./messages.tsx";

const EVERY_MS = 3000;
const WORKSPACE = "workspace:";

/** A room in full: what was said, who is in it, who may be. */
export function RoomDrawer({
  room,
  known,
  onClose,
}: {
  readonly room: string;
  readonly known: Room | null;
  readonly onClose: () => void;
}): VNode {
  const { api } = useApp();
  const [tab, setTab] = useState("messages");
  const presence = useResource(`presence ${room}`, (signal) => api.presence(room, signal), {
    everyMs: EVERY_MS,
  });
  const workspace = room.startsWith(WORKSPACE) ? room.slice(WORKSPACE.length) : (known?.workspace_id ?? null);
  return (
    <Drawer title={<span class="mono">{room}</span>} onClose={onClose}>
      <dl class="facts">
        <dt>Kept</dt>
        <dd>{known?.stored === true ? "stored" : "while somebody is in it"}</dd>
        {workspace === null || room.startsWith(WORKSPACE) ? null : (
          <>
            <dt>Workspace</dt>
            <dd>
              <a href={href("rooms", `${WORKSPACE}${workspace}`)}>{workspace}</a>
            </dd>
          </>
        )}
      </dl>
      <Tabs
        label="About this room"
        current={tab}
        onCurrent={setTab}
        tabs={[
          { name: "messages", label: "Messages", panel: () => <Messages room={room} /> },
          {
            name: "presence",
            label: `In it now ${count(presence.data?.users.length ?? 0)}`,
            panel: () => <Present users={presence.data?.users ?? []} />,
          },
          ...(workspace === null
            ? []
            : [{ name: "members", label: "Members", panel: () => <Members workspace={workspace} /> }]),
        ]}
      />
    </Drawer>
  );
}

const Present = ({ users }: { readonly users: readonly Id[] }): VNode =>
  users.length === 0 ? (
    <p class="dim">Nobody is in it now.</p>
  ) : (
    <ul class="chips">
      {users.map((user) => (
        <li key={user}>
          <a href={href("users", user)}>{user}</a>
        </li>
      ))}
    </ul>
  );

function Members({ workspace }: { readonly workspace: Id }): VNode {
  const { api } = useApp();
  const { data, error, reload } = useResource(`members ${workspace}`, (signal) =>
    api.members(workspace, signal),
  );
  if (data === null)
    return error === null ? <p class="dim">Loading…</p> : <Failed what={error.message} onAgain={reload} />;
  if (data.items.length === 0) return <p class="dim">Nobody is a member of workspace {workspace}.</p>;
  return (
    <table class="table" aria-label={`Members of workspace ${workspace}`}>
      <thead>
        <tr>
          <th scope="col">User</th>
          <th scope="col">Role</th>
        </tr>
      </thead>
      <tbody>
        {data.items.map(({ user_id, username, role }) => (
          <tr key={user_id}>
            <th scope="row">
              <a href={href("users", user_id)}>{username}</a>
            </th>
            <td>{role}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
