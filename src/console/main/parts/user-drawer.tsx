import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, LinkButton } from "../../lib/button.tsx";
import { Confirm, Drawer } from "../../lib/dialog.tsx";
import { Failed } from "../../lib/empty.tsx";
import { count, moment, plural, since } from "../../lib/format.ts";
import { Tabs } from "../../lib/tabs.tsx";
import { useApp } from "../app.ts";
import { useResource } from "../data/resource.ts";
import { href } from "../data/router.ts";
import type { Id, UserInFull } from "../data/types.ts";
import { Absent } from "./absent.tsx";
import { Closes } from "./closes.tsx";
import { Online } from "./online.tsx";
import { TokenForm } from "./token-form.tsx";
import { Topic } from "./topics.tsx";

const EVERY_MS = 4000;

/** One user in full: where he is a member, how he is connected, how that ended, a token for him. */
export function UserDrawer({
  id,
  onClose,
  onChange,
}: {
  readonly id: Id;
  readonly onClose: () => void;
  readonly onChange: () => void;
}): VNode {
  const { api } = useApp();
  const [tab, setTab] = useState("memberships");
  const [asking, setAsking] = useState(false);
  const { data, error, reload } = useResource(`user ${id}`, (signal) => api.user(id, signal), {
    everyMs: EVERY_MS,
  });
  return (
    <Drawer
      title={data?.username ?? `User ${id}`}
      onClose={onClose}
      tools={
        <>
          <LinkButton size="small" icon="inbox" href={href("inbox", id)}>
            Inbox
          </LinkButton>
          {data?.connected === true ? (
            <Button size="small" kind="danger" onClick={() => setAsking(true)}>
              Disconnect
            </Button>
          ) : null}
        </>
      }
    >
      {data === null ? (
        error === null ? null : (
          <Absent
            error={error}
            what={`The server has not seen user ${id} yet: nobody connected, spoke or was notified by that id.`}
            onAgain={reload}
          />
        )
      ) : (
        <Facts user={data} />
      )}
      <Tabs
        label="About this user"
        current={tab}
        onCurrent={setTab}
        tabs={[
          {
            name: "memberships",
            label: `Memberships ${data === null ? "" : count(data.memberships.length)}`,
            panel: () => <Memberships user={data} />,
          },
          { name: "connections", label: "Connections", panel: () => <Sockets id={id} /> },
          { name: "closes", label: "Earlier closes", panel: () => <Closes userId={id} /> },
          {
            name: "token",
            label: "Token",
            panel: () => <TokenForm userId={String(id)} username={data?.username ?? ""} fixed />,
          },
        ]}
      />
      {asking && data !== null ? (
        <Disconnect
          user={data}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            reload();
            onChange();
          }}
        />
      ) : null}
    </Drawer>
  );
}

const Facts = ({ user }: { readonly user: UserInFull }): VNode => (
  <dl class="facts">
    <dt>Id</dt>
    <dd>
      <code>{user.id}</code>
    </dd>
    <dt>Now</dt>
    <dd>
      <Online connected={user.connected} />
    </dd>
    <dt>Unread</dt>
    <dd>
      <a href={href("inbox", user.id)}>{plural(user.unread, "notification")}</a>
    </dd>
    <dt>Seen</dt>
    <dd>
      last {moment(user.last_seen_at)}, first {moment(user.first_seen_at)}
    </dd>
  </dl>
);

const Memberships = ({ user }: { readonly user: UserInFull | null }): VNode =>
  user === null || user.memberships.length === 0 ? (
    <p class="dim">None is stored. Tokens and the access webhook may open rooms all the same.</p>
  ) : (
    <table class="table" aria-label="Memberships">
      <thead>
        <tr>
          <th scope="col">Of</th>
          <th scope="col">Role</th>
        </tr>
      </thead>
      <tbody>
        {user.memberships.map(({ topic, role }) => (
          <tr key={topic}>
            <th scope="row">
              <Topic topic={topic} />
            </th>
            <td>{role}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

function Sockets({ id }: { readonly id: Id }): VNode {
  const { api } = useApp();
  const { data, error, reload } = useResource(
    `sockets ${id}`,
    (signal) => api.connections({ user_id: id, limit: 100 }, signal),
    { everyMs: EVERY_MS },
  );
  if (data === null)
    return error === null ? <p class="dim">Loading…</p> : <Failed what={error.message} onAgain={reload} />;
  if (data.items.length === 0) return <p class="dim">Not connected now.</p>;
  return (
    <table class="table" aria-label="Connections of this user">
      <thead>
        <tr>
          <th scope="col">Endpoint</th>
          <th scope="col">Dialect</th>
          <th scope="col" class="end">
            Open for
          </th>
        </tr>
      </thead>
      <tbody>
        {data.items.map((connection) => (
          <tr key={connection.id}>
            <th scope="row" class="fill">
              <a href={href("connections", connection.id)}>
                {connection.endpoint} {connection.path === null ? "" : connection.path}
              </a>
            </th>
            <td>{connection.dialect}</td>
            <td class="end">{since(connection.opened_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Disconnect({
  user,
  onClose,
  onDone,
}: {
  readonly user: UserInFull;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): VNode {
  const { api, announcer } = useApp();
  const [busy, setBusy] = useState(false);
  async function disconnect(): Promise<void> {
    setBusy(true);
    try {
      const { count: closed } = await api.disconnect(user.id);
      announcer.tell(`${plural(closed, "connection")} of ${user.username} closed.`);
    } catch (fault) {
      announcer.tell(fault instanceof Error ? fault.message : String(fault), "bad");
    }
    onDone();
  }
  return (
    <Confirm
      title={`Disconnect ${user.username}?`}
      act="Disconnect"
      busy={busy}
      onAct={() => void disconnect()}
      onClose={onClose}
    >
      <p>
        Every socket of <strong>{user.username}</strong> is closed with{" "}
        <code>1008 Disconnected by an admin</code>. A token that is still good opens new ones; take
        memberships away to keep the user out.
      </p>
    </Confirm>
  );
}
