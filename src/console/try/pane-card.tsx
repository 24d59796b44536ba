import { useComputed } from "@preact/signals";
import type { VNode } from "preact";
import { Button, IconButton } from "../lib/button.tsx";
import { CopyButton } from "../lib/code.tsx";
import { Note } from "../lib/empty.tsx";
import { SelectField, TextField } from "../lib/field.tsx";
import type { Ending } from "./closes.ts";
import { Composer } from "./composer.tsx";
import type { Desk } from "./desk.ts";
import type { Pane } from "./pane.ts";
import { TranscriptView } from "./transcript-view.tsx";

interface PaneProps {
  readonly pane: Pane;
  readonly desk: Desk;
  readonly name: string;
  /** Left out for the last one. */
  readonly onRemove: (() => void) | undefined;
}

const STATES = {
  closed: ["", "Closed"],
  connecting: ["accent", "Connecting"],
  open: ["ok", "Open"],
} as const;

/** One socket: where and as whom, what went both ways, what to send. */
export function PaneCard({ pane, desk, name, onRemove }: PaneProps): VNode {
  const [look, state] = STATES[pane.link.state.value];
  const { dialect } = pane.socket.value;
  return (
    <section class="card pane" aria-label={`${name}: ${dialect}`}>
      <header>
        <h2>{name}</h2>
        <span class={`pill ${look}`} role="status" aria-label={`${name}: ${state}`}>
          <span class="dot" aria-hidden="true" />
          {state}
        </span>
        <Traffic pane={pane} />
        <span class="grow" />
        {onRemove === undefined ? null : (
          <IconButton kind="quiet" size="small" icon="close" label={`Remove ${name}`} onClick={onRemove} />
        )}
      </header>
      <Connect pane={pane} desk={desk} />
      <div role="status">
        {/* Where somebody here ended it, its line in the transcript says enough. */}
        {pane.ending.value === null || pane.ending.value.wanted ? null : (
          <EndingNote ending={pane.ending.value} />
        )}
      </div>
      <TranscriptView pane={pane} />
      <Composer pane={pane} document={desk.documents.asyncapi} />
    </section>
  );
}

function Traffic({ pane }: { readonly pane: Pane }): VNode {
  const counts = useComputed(() => {
    const entries = pane.link.transcript.entries.value;
    const of = (direction: string): number => entries.filter((entry) => entry.direction === direction).length;
    return `${of("in")} in, ${of("out")} out`;
  });
  return <span class="dim small">{counts}</span>;
}

const EndingNote = ({ ending }: { readonly ending: Ending }): VNode => (
  <div class="ending">
    <Note kind="warn">
      <p>
        <strong class="mono">{ending.code}</strong> <strong>{ending.reason}</strong>
        {ending.cause === "" ? null : <span class="dim small"> · cause: {ending.cause}</span>}
      </p>
      {ending.remedy === "" ? null : <p>{ending.remedy}</p>}
    </Note>
  </div>
);

function Connect({ pane, desk }: { readonly pane: Pane; readonly desk: Desk }): VNode {
  const { state } = pane.link;
  const closed = state.value === "closed";
  const lacking = pane.missing.value;
  return (
    <form
      class="connect"
      onSubmit={(event) => {
        event.preventDefault();
        if (closed) void pane.connect();
        else pane.disconnect();
      }}
    >
      <fieldset class="fields" disabled={!closed} aria-label="Where to connect">
        <Where pane={pane} desk={desk} />
      </fieldset>
      <div class="row">
        <code class="cut grow dim" title={pane.url(true)}>
          {pane.url(true)}
        </code>
        <CopyButton kind="quiet" size="small" text={pane.wscat()}>
          wscat
        </CopyButton>
        <Button
          type="submit"
          {...(closed ? { kind: "primary" } : {})}
          disabled={closed && lacking.length > 0}
          title={closed && lacking.length > 0 ? `First fill in ${lacking.join(", ")}` : undefined}
        >
          {closed ? "Connect" : state.value === "open" ? "Disconnect" : "Cancel"}
        </Button>
      </div>
    </form>
  );
}

function Where({ pane, desk }: { readonly pane: Pane; readonly desk: Desk }): VNode {
  const { dialects } = desk.documents;
  const socket = pane.socket.value;
  const sockets = dialects.find(({ name }) => name === socket.dialect)?.sockets ?? [];
  return (
    <>
      <SelectField
        label="Dialect"
        value={socket.dialect}
        onValue={(dialect) => {
          const [first] = dialects.find(({ name }) => name === dialect)?.sockets ?? [];
          if (first !== undefined) pane.choose(first);
        }}
        options={dialects.map(({ name }) => [name, name])}
      />
      <SelectField
        label="Socket"
        value={socket.name}
        onValue={(name) => {
          const chosen = sockets.find((one) => one.name === name);
          if (chosen !== undefined) pane.choose(chosen);
        }}
        options={sockets.map(({ name }) => [name, name])}
      />
      {socket.parameters.map(({ name }) => (
        <TextField
          key={name}
          label={name}
          value={pane.values.value[name] ?? ""}
          onValue={(value) => pane.fill(name, value)}
        />
      ))}
      <SelectField
        label="As"
        value={pane.token.value?.text ?? ""}
        onValue={(text) => {
          pane.tokenText.value = text;
        }}
        options={[
          ["", socket.proof === "claimed" ? "nobody" : "no token"],
          ...desk.people.value.map(({ text, label }) => [text, label] as const),
        ]}
      />
      <TextField
        label="Last event id"
        value={pane.lastEventId.value}
        placeholder="none"
        onValue={(value) => {
          pane.lastEventId.value = value;
        }}
      />
    </>
  );
}
