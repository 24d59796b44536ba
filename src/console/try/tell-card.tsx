import type { VNode } from "preact";
import { Button } from "../lib/button.tsx";
import { CopyButton } from "../lib/code.tsx";
import { Note } from "../lib/empty.tsx";
import { SelectField, TextArea, TextField } from "../lib/field.tsx";
import { millis } from "../lib/format.ts";
import { JsonBlock } from "../lib/json.tsx";
import type { Desk } from "./desk.ts";
import { jsonFault } from "./drafts.ts";
import { FieldHelp } from "./field-help.tsx";
import type { Operation } from "./operations.ts";
import type { Outcome } from "./post.ts";
import type { Telling } from "./telling.ts";

/** An event told over HTTP, and the answer. */
export function TellCard({ telling, desk }: { readonly telling: Telling; readonly desk: Desk }): VNode {
  const told = telling.told.value;
  return (
    <section class="card tell" aria-label="Tell an event over HTTP">
      <header>
        <h2>Tell an event over HTTP</h2>
      </header>
      <Request telling={telling} desk={desk} />
      <div class="inside outcome" role="status">
        {told === null ? null : "fault" in told ? (
          <Note kind="bad">{told.fault}</Note>
        ) : (
          <Answer outcome={told} />
        )}
      </div>
    </section>
  );
}

const idOf = ({ method, path }: Operation): string => `${method} ${path}`;
const labelOf = ({ dialect, path }: Operation): string => `${dialect} · ${path.replace("/api/v1", "")}`;

function Request({ telling, desk }: { readonly telling: Telling; readonly desk: Desk }): VNode {
  const { operations, openapi } = desk.documents;
  const operation = telling.operation.value;
  const fault = operation.body === null ? null : jsonFault(telling.body.value);
  const lacking = telling.missing.value;
  const blocked = telling.busy.value || fault !== null || lacking.length > 0;
  return (
    <form
      class="inside stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void telling.send();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        if (!blocked) void telling.send();
      }}
    >
      <SelectField
        label="Event"
        hint={operation.summary}
        value={idOf(operation)}
        onValue={(id) => {
          const chosen = operations.find((one) => idOf(one) === id);
          if (chosen !== undefined) telling.choose(chosen);
        }}
        options={operations.map((one) => [idOf(one), labelOf(one)])}
      />
      <div class="fields">
        {operation.parameters.map(({ name }) => (
          <TextField
            key={name}
            label={name}
            value={telling.values.value[name] ?? ""}
            onValue={(value) => telling.fill(name, value)}
          />
        ))}
        <SelectField
          label="As"
          value={telling.token.value?.text ?? ""}
          onValue={(text) => {
            telling.tokenText.value = text;
          }}
          options={[["", "nobody"], ...desk.tokens.value.map(({ text, label }) => [text, label] as const)]}
        />
      </div>
      {operation.body === null ? null : <Body telling={telling} fault={fault} />}
      <FieldHelp title="Fields of the body" document={openapi} schema={operation.body}>
        <CopyButton kind="quiet" text={telling.curl()}>
          curl
        </CopyButton>
        <Button type="submit" icon="send" disabled={blocked}>
          {operation.method === "GET" ? "Ask" : "Tell"}
        </Button>
      </FieldHelp>
    </form>
  );
}

function Body({ telling, fault }: { readonly telling: Telling; readonly fault: string | null }): VNode {
  const { examples } = telling.operation.value;
  return (
    <>
      {examples.length < 2 ? null : (
        <div class="row wrap examples" role="group" aria-label="Example bodies">
          {examples.map((example) => (
            <button
              key={example.name}
              type="button"
              class="example"
              title={example.summary}
              onClick={() => telling.offer(example)}
            >
              {example.name}
            </button>
          ))}
        </div>
      )}
      <TextArea
        label="Body"
        error={fault ?? undefined}
        value={telling.body.value}
        onValue={(value) => {
          telling.body.value = value;
        }}
      />
    </>
  );
}

const lookOf = (status: number): string => (status < 300 ? "ok" : status < 500 ? "warn" : "bad");

const Answer = ({ outcome }: { readonly outcome: Outcome }): VNode => (
  <div class="stack tight">
    <div class="row">
      <span class={`pill ${lookOf(outcome.status)}`}>
        <strong>{outcome.status}</strong> {outcome.title}
      </span>
      <span class="dim small">{millis(outcome.ms)}</span>
    </div>
    <dl class="facts small">
      {outcome.headers.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd class="mono">{value}</dd>
        </>
      ))}
    </dl>
    {outcome.json === undefined ? (
      outcome.body === "" ? null : (
        <pre class="break">{outcome.body}</pre>
      )
    ) : (
      <JsonBlock value={outcome.json} label="Copy the answer" />
    )}
  </div>
);
