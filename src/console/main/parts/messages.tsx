import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "../../lib/button.tsx";
import { Failed } from "../../lib/empty.tsx";
import { TextField } from "../../lib/field.tsx";
import { useFollow } from "../../lib/follow.ts";
import { moment } from "../../lib/format.ts";
import { useApp } from "../app.ts";
import { usePages } from "../data/resource.ts";
import { href } from "../data/router.ts";
import type { Message } from "../data/types.ts";

/** Asked for rather than listened to: whoever listens is in the room, and the others would hear of it. */
const EVERY_MS = 2500;

/** What was said in a room, oldest first, going on as more is said; and a line to say something. */
export function Messages({ room }: { readonly room: string }): VNode {
  const { api } = useApp();
  const { data, error, reload, more } = usePages(
    `messages ${room}`,
    (page, signal) => api.messages(room, page, signal),
    { limit: 50, everyMs: EVERY_MS },
  );
  const list = useRef<HTMLDivElement>(null);
  const follow = useFollow(list, data);
  return (
    <div class="stack tight">
      {data === null && error !== null ? <Failed what={error.message} onAgain={reload} /> : null}
      <div class="talk" ref={list} tabIndex={0} role="region" aria-label={`Messages in ${room}`} {...follow}>
        {more === null ? null : (
          <div class="more">
            <Button size="small" onClick={more}>
              Show earlier
            </Button>
          </div>
        )}
        {data === null ? null : data.length === 0 ? (
          <p class="dim">Nothing was said here yet.</p>
        ) : (
          <ol class="messages">
            {data.toReversed().map((message) => (
              <Said key={message.id} message={message} />
            ))}
          </ol>
        )}
      </div>
      <SayIt room={room} onSaid={reload} />
    </div>
  );
}

const Said = ({ message }: { readonly message: Message }): VNode => (
  <li>
    <p class="row wrap">
      <a href={href("users", message.user_id)}>{message.username}</a>
      <span class="dim small">
        {moment(message.created_at)}
        {message.edited_at === null ? "" : ", edited"}
      </span>
    </p>
    {message.content === null ? <p class="dim">Deleted.</p> : <p class="break said">{message.content}</p>}
  </li>
);

function SayIt({ room, onSaid }: { readonly room: string; readonly onSaid: () => void }): VNode {
  const { api } = useApp();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  async function say(): Promise<void> {
    if (text.trim() === "") return setError("Write something first.");
    setBusy(true);
    try {
      await api.say(room, text);
      setText("");
      onSaid();
    } catch (fault) {
      setError(fault instanceof Error ? fault.message : String(fault));
    }
    setBusy(false);
  }
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        void say();
      }}
    >
      <TextField
        label={`Say something in ${room}`}
        value={text}
        error={error}
        onValue={(value) => {
          setText(value);
          setError(undefined);
        }}
      />
      <Button type="submit" icon="send" disabled={busy}>
        Send
      </Button>
    </form>
  );
}
