import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, LinkButton } from "../../lib/button.tsx";
import { Empty } from "../../lib/empty.tsx";
import { Search, Segments } from "../../lib/field.tsx";
import { count, plural } from "../../lib/format.ts";
import type { Column } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { shellWord, useCommands } from "../data/commands.ts";
import { useFilter } from "../data/filter.ts";
import { useFoundUsers } from "../data/found-users.ts";
import { usePages, useResource } from "../data/resource.ts";
import { href } from "../data/router.ts";
import type { Id, User } from "../data/types.ts";
import { InboxItems } from "../parts/inbox-items.tsx";
import { Listing } from "../parts/listing.tsx";
import { NotifyDialog } from "../parts/notify-dialog.tsx";
import { Page } from "../parts/page.tsx";
import { Person } from "../parts/person.tsx";

const EVERY_MS = 3000;

export function Inbox(): VNode {
  const { id } = useApp().router.place.value;
  return id === null ? <ChooseUser /> : <InboxOf key={id} id={id} />;
}

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
  {
    name: "unread",
    label: "Unread",
    align: "end",
    cell: ({ unread }) =>
      unread === 0 ? <span class="dim">0</span> : <span class="pill accent">{count(unread)}</span>,
  },
];

function ChooseUser(): VNode {
  const commands = useCommands();
  const { text, setText, q, source } = useFoundUsers("inboxes", EVERY_MS);
  return (
    <Page
      title="Inbox"
      about="choose a user"
      tools={<Search label="Whose inbox? Id or name begins with" value={text} onValue={setText} />}
    >
      <Listing
        label="Users and their unread notifications"
        columns={COLUMNS}
        source={source}
        rows={source.data}
        keyOf={({ id }) => String(id)}
        hrefOf={({ id }) => href("inbox", id)}
        empty={
          q === "" ? (
            <Empty icon="inbox" title="No inboxes yet" command={commands?.server('notify user:101 "Hello"')}>
              <p>A user has an inbox once the server has seen or notified him:</p>
            </Empty>
          ) : (
            <div class="aside-pad stack tight">
              <p class="dim">No id and no name begins with “{q}”.</p>
              <div>
                <LinkButton href={href("inbox", q)}>Open the inbox of {q} all the same</LinkButton>
              </div>
            </div>
          )
        }
      />
    </Page>
  );
}

function InboxOf({ id }: { readonly id: Id }): VNode {
  const { api } = useApp();
  const commands = useCommands();
  const [which, setWhich] = useFilter("which");
  const [text, setText] = useFilter("q");
  const [writing, setWriting] = useState(false);
  const user = useResource(`user ${id}`, (signal) => api.user(id, signal), { everyMs: EVERY_MS });
  const source = usePages(
    `inbox ${id} ${which}`,
    (page, signal) => api.inbox(id, { ...page, ...(which === "unread" ? { unread: true } : {}) }, signal),
    { everyMs: EVERY_MS, limit: 50 },
  );
  const name = user.data?.username ?? String(id);
  return (
    <Page
      title={`Inbox of ${name}`}
      about={user.data === null ? "" : `${plural(user.data.unread, "notification")} unread`}
      actions={
        <div class="row">
          <LinkButton href={href("inbox")} icon="back">
            Others
          </LinkButton>
          <Button kind="primary" icon="send" onClick={() => setWriting(true)}>
            Notify
          </Button>
        </div>
      }
      tools={
        <>
          <Search label="Filter by title, text, type" value={text} onValue={setText} />
          <Segments
            label="Which notifications"
            value={which}
            onValue={setWhich}
            options={[
              ["", "All"],
              ["unread", "Unread"],
            ]}
          />
        </>
      }
      padded
    >
      <InboxItems
        source={source}
        wanted={text.trim().toLowerCase()}
        empty={
          <Empty
            icon="inbox"
            title={which === "unread" ? "Everything is read" : "The inbox is empty"}
            command={commands?.server(`notify ${shellWord(`user:${id}`)} "Hello"`)}
          >
            <p>Notify {name} here, or from a terminal:</p>
          </Empty>
        }
      />
      {writing ? (
        <NotifyDialog
          id={id}
          name={name}
          onClose={() => setWriting(false)}
          onSent={() => {
            source.reload();
            user.reload();
          }}
        />
      ) : null}
    </Page>
  );
}
