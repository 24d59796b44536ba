import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../lib/button.tsx";
import { Confirm, Drawer } from "../../lib/dialog.tsx";
import { bytes, count, moment, since } from "../../lib/format.ts";
import { Tabs } from "../../lib/tabs.tsx";
import { useApp } from "../app.ts";
import { useResource } from "../data/resource.ts";
import { href } from "../data/router.ts";
import type { Connection, Id } from "../data/types.ts";
import { useWatch } from "../live/use-watch.ts";
import { Absent } from "./absent.tsx";
import { Closes } from "./closes.tsx";
import { Frames } from "./frames.tsx";
import { Topics } from "./topics.tsx";

const EVERY_MS = 2500;

/** One connection in full: what it is, what goes over it now, how this user's connections ended. */
export function ConnectionDrawer({
  id,
  known,
  onClose,
  onChange,
}: {
  readonly id: Id;
  /** As the list has it. */
  readonly known: Connection | null;
  readonly onClose: () => void;
  readonly onChange: () => void;
}): VNode {
  const { api, announcer } = useApp();
  const [tab, setTab] = useState("frames");
  const [asking, setAsking] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const watched = useWatch(id);
  const ended = watched.end.value !== null;
  const { data, error, reload } = useResource(`connection ${id}`, (signal) => api.connection(id, signal), {
    ...(ended || leaving ? {} : { everyMs: EVERY_MS }),
  });
  const [last, setLast] = useState(known);
  const connection = data ?? known ?? last;
  if (connection !== null && connection !== last) setLast(connection);

  async function disconnect({ username }: Connection): Promise<void> {
    setLeaving(true);
    try {
      await api.closeConnection(id);
      announcer.tell(`${username} was disconnected.`);
    } catch (fault) {
      announcer.tell(fault instanceof Error ? fault.message : String(fault), "bad");
      setLeaving(false);
      reload();
    }
    setAsking(false);
    onChange();
  }

  return (
    <Drawer
      title={connection === null ? `Connection ${id}` : `${connection.username} · ${connection.dialect}`}
      onClose={onClose}
      tools={
        ended || (error?.status === 404 && connection === null) ? (
          <span class="pill">closed</span>
        ) : (
          <Button size="small" kind="danger" onClick={() => setAsking(true)}>
            Disconnect
          </Button>
        )
      }
    >
      {connection === null ? (
        error === null ? null : (
          <Absent error={error} what="This connection is closed. The security log tells how it ended." />
        )
      ) : (
        <>
          <Facts connection={connection} />
          <Tabs
            label="About this connection"
            current={tab}
            onCurrent={setTab}
            tabs={[
              { name: "frames", label: "Live frames", panel: () => <Frames watched={watched} /> },
              {
                name: "topics",
                label: `Topics ${count(connection.topic_count)}`,
                panel: () => <Topics topics={connection.topics} total={connection.topic_count} />,
              },
              {
                name: "closes",
                label: "Earlier closes",
                panel: () => <Closes userId={connection.user_id} />,
              },
            ]}
          />
        </>
      )}
      {asking && connection !== null ? (
        <Disconnect
          connection={connection}
          busy={leaving}
          onAct={() => void disconnect(connection)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Drawer>
  );
}

const Facts = ({ connection }: { readonly connection: Connection }): VNode => (
  <dl class="facts">
    <dt>User</dt>
    <dd>
      {connection.user_id === null ? (
        `${connection.username} (${connection.kind === "key" ? "service key" : "without a proof"})`
      ) : (
        <>
          <a href={href("users", connection.user_id)}>{connection.username}</a>{" "}
          <span class="dim">{connection.user_id}</span>
        </>
      )}
    </dd>
    <dt>Endpoint</dt>
    <dd>
      {connection.endpoint}
      {connection.path === null ? null : <code> {connection.path}</code>}
    </dd>
    <dt>Address</dt>
    <dd>
      <code>{connection.address}</code>
    </dd>
    <dt>Opened</dt>
    <dd>
      {moment(connection.opened_at)}, {since(connection.opened_at)} ago
    </dd>
    <dt>Token ends</dt>
    <dd>{connection.expires_at === null ? "never" : moment(connection.expires_at)}</dd>
    <dt>Traffic</dt>
    <dd>
      {count(connection.frames_in)} frames in, {bytes(connection.buffered_bytes)} unsent
    </dd>
    <dt>Resumes</dt>
    <dd>{connection.resumes ? "yes, its frames carry event ids" : "no, opened without last_event_id"}</dd>
  </dl>
);

const Disconnect = ({
  connection,
  busy,
  onAct,
  onClose,
}: {
  readonly connection: Connection;
  readonly busy: boolean;
  readonly onAct: () => void;
  readonly onClose: () => void;
}): VNode => (
  <Confirm title="Disconnect this socket?" act="Disconnect" busy={busy} onAct={onAct} onClose={onClose}>
    <p>
      The {connection.dialect} socket of <strong>{connection.username}</strong> is closed with{" "}
      <code>1008 Disconnected by an admin</code>. Well-behaved clients do not come back by themselves; nothing
      keeps the user from connecting again.
    </p>
  </Confirm>
);
