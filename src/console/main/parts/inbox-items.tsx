import type { VNode } from "preact";
import { Button } from "../../lib/button.tsx";
import { classes } from "../../lib/classes.ts";
import { Failed } from "../../lib/empty.tsx";
import { moment } from "../../lib/format.ts";
import { JsonBlock } from "../../lib/json.tsx";
import type { Pages } from "../data/resource.ts";
import type { Notification } from "../data/types.ts";

const LOOKS: Readonly<Record<Notification["level"], string>> = {
  info: "",
  success: "ok",
  warning: "warn",
  error: "bad",
};

/** Notifications as their user finds them, newest first. */
export function InboxItems({
  source: { data, error, reload, more },
  wanted,
  empty,
}: {
  readonly source: Pages<Notification>;
  readonly wanted: string;
  readonly empty: VNode;
}): VNode {
  if (data === null)
    return error === null ? <p class="dim">Loading…</p> : <Failed what={error.message} onAgain={reload} />;
  if (data.length === 0) return empty;
  const items = data.filter(({ title, content, notification_type, level }) =>
    `${title} ${content} ${notification_type} ${level}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      {items.length === 0 ? <p class="dim">Nothing fits the filter.</p> : null}
      <ul class="card inbox" aria-label="Notifications">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
      {more === null ? null : (
        <div class="more">
          <Button onClick={more}>Show more</Button>
        </div>
      )}
    </>
  );
}

const Item = ({ item }: { readonly item: Notification }): VNode => (
  <li class={classes("notification", !item.read && "unread")}>
    <p class="row wrap">
      {item.read ? null : (
        <span class="accent-dot">
          <i class="dot" />
          <span class="spoken">unread </span>
        </span>
      )}
      <strong class="break">{item.title}</strong>
      {LOOKS[item.level] === "" ? null : <span class={`pill ${LOOKS[item.level]}`}>{item.level}</span>}
      <span class="pill">{item.notification_type}</span>
      <span class="grow" />
      <span class="dim small nowrap">
        {item.read ? "read · " : ""}
        {moment(item.created_at)} · {item.id}
      </span>
    </p>
    <p class="break">{item.content}</p>
    {Object.keys(item.data).length === 0 ? null : (
      <details>
        <summary>Data</summary>
        <JsonBlock value={item.data} />
      </details>
    )}
  </li>
);
