import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../lib/button.tsx";
import { Keys } from "../lib/kbd.tsx";
import type { Json } from "./documents.ts";
import { jsonFault } from "./drafts.ts";
import { FieldHelp } from "./field-help.tsx";
import type { Pane } from "./pane.ts";

/** A frame to send: an example of the dialect, edited, checked. */
export function Composer({ pane, document }: { readonly pane: Pane; readonly document: Json }): VNode {
  const { says } = pane.socket.value;
  if (says.length === 0)
    return <p class="compose dim">This socket only listens: what a client sends here is ignored.</p>;
  return (
    <div class="compose">
      <Examples pane={pane} />
      <Draft pane={pane} document={document} />
    </div>
  );
}

/** Every example of every frame, by name. */
const Examples = ({ pane }: { readonly pane: Pane }): VNode => (
  <div class="row wrap examples" role="group" aria-label="Example frames">
    {pane.socket.value.says.flatMap((message) => {
      const { name, summary, examples } = message;
      const all = examples.length > 0 ? examples : [{ name: "", payload: {} }];
      return all.map((example, at) => (
        <button
          key={`${name} ${at}`}
          type="button"
          class="example"
          aria-pressed={pane.message.value === message && pane.example.value === at}
          title={example.name || summary}
          onClick={() => pane.offer(message, at)}
        >
          {at === 0 ? name : `${name} ${at + 1}`}
        </button>
      ));
    })}
  </div>
);

function Draft({ pane, document }: { readonly pane: Pane; readonly document: Json }): VNode {
  const id = useId();
  const tried = useSignal(false);
  const fault = jsonFault(pane.draft.value);
  const message = pane.message.value;
  const open = pane.link.state.value === "open";
  const shown = tried.value ? fault : null;

  function send(): void {
    tried.value = fault !== null;
    if (fault === null) pane.link.send(pane.draft.value);
  }

  return (
    <form
      class="draft"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        class="input mono"
        aria-label="Frame to send"
        aria-invalid={shown === null ? undefined : "true"}
        aria-describedby={shown === null ? undefined : id}
        rows={4}
        spellcheck={false}
        value={pane.draft.value}
        onInput={(event) => {
          pane.draft.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          if (open) send();
        }}
      />
      <p id={id} class="hint bad" role="alert" hidden={shown === null}>
        {shown}
      </p>
      <FieldHelp
        title={`Fields of ${message?.name ?? "it"}`}
        document={document}
        schema={message?.schema ?? null}
      >
        {shown === null ? null : (
          <Button size="small" kind="quiet" disabled={!open} onClick={() => pane.link.send(pane.draft.value)}>
            Send as it is
          </Button>
        )}
        <span class="keys-hint">
          <Keys keys="Ctrl Enter" />
        </span>
        <Button type="submit" icon="send" disabled={!open} title={open ? undefined : "Connect first"}>
          Send
        </Button>
      </FieldHelp>
    </form>
  );
}
