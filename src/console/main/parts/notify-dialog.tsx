import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { LEVELS } from "../../../core/event.ts";
import { Button } from "../../lib/button.tsx";
import { Dialog } from "../../lib/dialog.tsx";
import { Failed } from "../../lib/empty.tsx";
import { SelectField, TextArea, TextField } from "../../lib/field.tsx";
import { useApp } from "../app.ts";
import type { Id } from "../data/types.ts";

/** Writes to one user, in every dialect that he listens in. */
export function NotifyDialog({
  id,
  name,
  onClose,
  onSent,
}: {
  readonly id: Id;
  readonly name: string;
  readonly onClose: () => void;
  readonly onSent: () => void;
}): VNode {
  const { api, announcer } = useApp();
  const [title, setTitle] = useState("");
  const [message, setMessage] = useState("");
  const [level, setLevel] = useState<string>("info");
  const [missing, setMissing] = useState<string | undefined>();
  const [failure, setFailure] = useState<string | null>(null);

  async function send(): Promise<void> {
    if (message.trim() === "") return setMissing("Write what to say.");
    try {
      const { delivered } = await api.notify(id, {
        message,
        level,
        ...(title.trim() === "" ? {} : { title }),
      });
      announcer.tell(delivered ? `${name} was told.` : `${name} is away; it waits in the inbox.`);
      onSent();
      onClose();
    } catch (fault) {
      setFailure(fault instanceof Error ? fault.message : String(fault));
    }
  }

  return (
    <Dialog title={`Notify ${name}`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextField
          label="Title (optional)"
          value={title}
          onValue={setTitle}
          placeholder="Notification"
          autofocus
        />
        <TextArea
          label="Message"
          value={message}
          error={missing}
          onValue={(value) => {
            setMessage(value);
            setMissing(undefined);
          }}
        />
        <SelectField
          label="Level"
          value={level}
          onValue={setLevel}
          options={LEVELS.map((name) => [name, name])}
        />
        {failure === null ? null : <Failed what={failure} />}
        <div class="actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" icon="send">
            Send
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
