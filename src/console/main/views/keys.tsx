import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../lib/button.tsx";
import { CodeBlock } from "../../lib/code.tsx";
import { Confirm, Dialog } from "../../lib/dialog.tsx";
import { Empty, Failed } from "../../lib/empty.tsx";
import { Search, TextField } from "../../lib/field.tsx";
import { moment, plural } from "../../lib/format.ts";
import type { Column } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useResource } from "../data/resource.ts";
import type { Key, NewKey } from "../data/types.ts";
import { Listing } from "../parts/listing.tsx";
import { ShownOnce } from "../parts/once.tsx";
import { Page } from "../parts/page.tsx";

const columnsOf = (onRevoke: (key: Key) => void): readonly Column<Key>[] => [
  { name: "name", label: "Name", lead: true, cell: ({ name }) => <div class="cut">{name}</div> },
  {
    name: "state",
    label: "State",
    cell: ({ revoked_at }) =>
      revoked_at === null ? <span class="pill ok">good</span> : <span class="pill bad">revoked</span>,
  },
  { name: "id", label: "Id", from: "wide", cell: ({ id }) => <code class="dim">{id}</code> },
  {
    name: "created",
    label: "Made",
    from: "middle",
    cell: ({ created_at }) => <span class="nowrap">{moment(created_at)}</span>,
  },
  {
    name: "revoked",
    label: "Revoked",
    from: "wide",
    cell: ({ revoked_at }) => <span class="dim nowrap">{revoked_at === null ? "" : moment(revoked_at)}</span>,
  },
  {
    name: "act",
    label: <span class="spoken">Act</span>,
    align: "end",
    cell: (key) =>
      key.revoked_at === null ? (
        <Button size="small" kind="danger" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      ) : null,
  },
];

export function Keys(): VNode {
  const { api } = useApp();
  const command = useCommands()?.store("key create backend") ?? undefined;
  const [text, setText] = useState("");
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const { data, error, reload } = useResource("keys", (signal) => api.keys(signal));
  const items = data?.items ?? null;
  const rows =
    items?.filter(({ name, id }) => `${name} ${id}`.toLowerCase().includes(text.trim().toLowerCase())) ??
    null;
  const good = items?.filter(({ revoked_at }) => revoked_at === null).length ?? 0;
  return (
    <Page
      title="Service keys"
      about={items === null ? "" : `${plural(good, "good key")}, for backends`}
      actions={
        <Button kind="primary" icon="add" onClick={() => setCreating(true)}>
          New key
        </Button>
      }
      tools={<Search label="Filter by name" value={text} onValue={setText} />}
    >
      <Listing
        label="Service keys"
        columns={columnsOf(setRevoking)}
        source={{ data: items, error, reload }}
        rows={rows}
        keyOf={({ id }) => String(id)}
        empty={
          <Empty icon="keys" title="No service keys yet" command={command}>
            <p>
              A backend that tells events proves itself with a key. Make one here
              {command === undefined ? "" : ", or from a terminal"}. Keys of the setting API_KEYS are not
              listed.
            </p>
          </Empty>
        }
      />
      {creating ? <Create onClose={() => setCreating(false)} onMade={reload} /> : null}
      {revoking === null ? null : (
        <Revoke
          revoked={revoking}
          onClose={() => setRevoking(null)}
          onDone={() => {
            setRevoking(null);
            reload();
          }}
        />
      )}
    </Page>
  );
}

function Create({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }): VNode {
  const { api } = useApp();
  const [name, setName] = useState("");
  const [missing, setMissing] = useState<string | undefined>();
  const [failure, setFailure] = useState<string | null>(null);
  const [made, setMade] = useState<NewKey | null>(null);
  async function create(): Promise<void> {
    if (name.trim() === "") return setMissing("Name it after the backend that will use it.");
    setFailure(null);
    try {
      setMade(await api.createKey(name.trim()));
      onMade();
    } catch (fault) {
      setFailure(fault instanceof Error ? fault.message : String(fault));
    }
  }
  if (made !== null)
    return (
      <Dialog title={`Key “${made.name}”`} broad onClose={onClose}>
        <ShownOnce secret={made.key} name="key" />
        <p class="dim">Try it:</p>
        <CodeBlock text={exampleOf(made.key)} label="Copy the command" />
        <div class="actions">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="New service key" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextField
          label="Name"
          value={name}
          placeholder="backend"
          error={missing}
          autofocus
          onValue={(value) => {
            setName(value);
            setMissing(undefined);
          }}
          hint="A key may do everything that an admin may. Give each backend its own, so that one can be revoked alone."
        />
        {failure === null ? null : <Failed what={failure} />}
        <div class="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary">
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const exampleOf = (key: string): string =>
  [
    `curl -X POST ${location.origin}/api/v1/notify/broadcast \\`,
    `  -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\`,
    `  -d '{"message":"Hello"}'`,
  ].join("\n");

function Revoke({
  revoked,
  onClose,
  onDone,
}: {
  readonly revoked: Key;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): VNode {
  const { api, announcer } = useApp();
  const [busy, setBusy] = useState(false);
  async function revoke(): Promise<void> {
    setBusy(true);
    try {
      await api.revokeKey(revoked.id);
      announcer.tell(`The key “${revoked.name}” is revoked.`);
    } catch (fault) {
      announcer.tell(fault instanceof Error ? fault.message : String(fault), "bad");
    }
    onDone();
  }
  return (
    <Confirm
      title={`Revoke “${revoked.name}”?`}
      act="Revoke"
      busy={busy}
      onAct={() => void revoke()}
      onClose={onClose}
    >
      <p>Requests with this key are refused from now on. This cannot be undone; a new key can be made.</p>
    </Confirm>
  );
}
