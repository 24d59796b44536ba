import type { VNode } from "preact";
import { EVENT_KINDS } from "../../../core/event.ts";
import { CodeBlock, CopyButton } from "../../lib/code.tsx";
import { Drawer } from "../../lib/dialog.tsx";
import { moment } from "../../lib/format.ts";
import { JsonBlock } from "../../lib/json.tsx";
import { useApp } from "../app.ts";
import { href } from "../data/router.ts";
import { curlsOf } from "../live/curl.ts";
import type { FeedEvent } from "../live/feed.ts";
import { Topic } from "./topics.tsx";

/** One event in full, and the commands that bring it about. */
export function EventDrawer({
  event,
  onClose,
}: {
  readonly event: FeedEvent;
  readonly onClose: () => void;
}): VNode {
  const { sessions } = useApp();
  const { place: _, ...told } = event;
  const proof = sessions.current.value?.proof ?? "";
  const curls = curlsOf(event, location.origin);
  return (
    <Drawer
      title={event.kind}
      onClose={onClose}
      tools={
        <CopyButton size="small" text={curls[0]?.command ?? ""}>
          Copy as curl
        </CopyButton>
      }
    >
      <p class="dim">{EVENT_KINDS[event.kind].summary}</p>
      <dl class="facts">
        <dt>Topic</dt>
        <dd>
          <Topic topic={event.topic} />
        </dd>
        <dt>By</dt>
        <dd>
          {event.actor === null ? (
            "a service key, or the server itself"
          ) : (
            <a href={href("users", event.actor.id)}>{event.actor.username}</a>
          )}
        </dd>
        <dt>At</dt>
        <dd>{moment(event.at)}</dd>
        <dt>Event id</dt>
        <dd>{event.event_id ?? "none: it is told live and not kept"}</dd>
      </dl>
      <section class="stack tight">
        <h3>As the native dialect tells it</h3>
        <JsonBlock value={told} />
      </section>
      <section class="stack tight">
        <div class="row wrap">
          <h3 class="grow">As curl</h3>
          <CopyButton size="small" text={`export DRAGOMAN_TOKEN=${proof}`}>
            Copy export DRAGOMAN_TOKEN=…
          </CopyButton>
        </div>
        {curls.map(({ title, command }) => (
          <div key={title} class="stack tight">
            <p class="dim">{title}</p>
            <CodeBlock text={command} label={`Copy: ${title}`} />
          </div>
        ))}
      </section>
    </Drawer>
  );
}
