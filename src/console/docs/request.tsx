import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button.tsx";
import { TextArea, TextField } from "../lib/field.tsx";
import { prettyJson } from "../lib/json.tsx";
import { Code } from "./code.tsx";
import type { Operation } from "./contract.ts";
import { curlOf, type HttpRequest } from "./curl.ts";
import { ProofField, useProof } from "./proof.tsx";
import { firstBody, firstValues, keyOf, requestOf, type Values } from "./request-values.ts";

/** What came back so far; of a stream more may follow. */
interface Outcome {
  readonly ok: boolean;
  readonly status: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly streams: boolean;
}

/** Of a stream that never ends the last part is kept. */
const MAX_SHOWN = 20_000;

/** The command for a terminal, and a form that sends the same from here. */
export function RequestForm({ operation, open }: { readonly operation: Operation; readonly open: boolean }) {
  const [values, setValues] = useState<Values>(() => firstValues(operation));
  const [body, setBody] = useState(() => firstBody(operation));
  const request = requestOf(operation, values, body);
  const proves = operation.proof !== "none";
  return (
    <>
      <Curl request={request} proves={proves} />
      <details open={open}>
        <summary>Run it here</summary>
        <Run request={request} proves={proves}>
          {operation.parameters.map((parameter) => (
            <TextField
              key={keyOf(parameter)}
              label={`${parameter.name} (${parameter.in}${parameter.required ? "" : ", optional"})`}
              required={parameter.required}
              value={values[keyOf(parameter)] ?? ""}
              onValue={(value) => setValues({ ...values, [keyOf(parameter)]: value })}
            />
          ))}
          {operation.body !== null && <TextArea label="Body" value={body} onValue={setBody} />}
        </Run>
      </details>
    </>
  );
}

/** Shown without the token; copied with it, so that it can be pasted. */
function Curl({ request, proves }: { readonly request: HttpRequest; readonly proves: boolean }) {
  const { value } = useProof();
  const text = curlOf(proven(request, proves ? "$TOKEN" : ""));
  const copies = proves && value !== "" ? { copies: curlOf(proven(request, value)) } : {};
  return <Code text={text} language="sh" label="the command" {...copies} />;
}

const proven = (request: HttpRequest, proof: string): HttpRequest =>
  proof === "" ? request : { ...request, headers: { Authorization: `Bearer ${proof}`, ...request.headers } };

function Run({
  request,
  proves,
  children,
}: {
  readonly request: HttpRequest;
  readonly proves: boolean;
  readonly children: ComponentChildren;
}) {
  const proof = useProof();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);
  const going = useRef<AbortController | null>(null);
  useEffect(() => () => going.current?.abort(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    const control = new AbortController();
    going.current = control;
    setBusy(true);
    setOutcome(null);
    send(proven(request, proof.value), control.signal, setOutcome)
      .catch((fault: unknown) => {
        if (!control.signal.aborted) setOutcome(failed(fault));
      })
      .finally(() => setBusy(false));
  };
  return (
    <form class="run" onSubmit={submit}>
      {proves && <ProofField />}
      {children}
      <div class="row">
        {busy && outcome?.streams === true ? (
          <Button onClick={() => going.current?.abort()}>Stop</Button>
        ) : (
          <Button type="submit" kind="primary" icon="send" disabled={busy}>
            Send
          </Button>
        )}
      </div>
      <div aria-live="polite">{outcome !== null && <Shown outcome={outcome} />}</div>
    </form>
  );
}

function Shown({ outcome: { ok, status, headers, body, streams } }: { readonly outcome: Outcome }) {
  return (
    <div class="outcome">
      <p>
        <strong class={ok ? "ok" : "bad"}>{status}</strong>
      </p>
      {headers.length > 0 && (
        <details>
          <summary>Headers</summary>
          <Code text={headers.map(([name, value]) => `${name}: ${value}`).join("\n")} language="" />
        </details>
      )}
      {body === "" ? (
        <p class="dim">{streams ? "Nothing yet: it is told as it happens." : "No body."}</p>
      ) : (
        <Code text={body} language={streams ? "" : "json"} label="the answer" />
      )}
    </div>
  );
}

/** Tells what came, and of a stream whatever comes. */
async function send(
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const began = performance.now();
  const response = await fetch(url, { method, headers, signal, ...(body === null ? {} : { body }) });
  const streams = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const outcome = {
    ok: response.ok,
    status: `${response.status} ${response.statusText} in ${Math.round(performance.now() - began)} ms`,
    headers: [...response.headers],
    streams,
  };
  if (!streams) return tell({ ...outcome, body: prettyJson(await response.text()) });
  tell({ ...outcome, body: "" });
  const decoder = new TextDecoder();
  let told = "";
  for await (const part of chunksOf(response)) {
    told = (told + decoder.decode(part, { stream: true })).slice(-MAX_SHOWN);
    tell({ ...outcome, body: told });
  }
}

/** Not every browser lets one go through a stream by `for await`. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) yield part.value;
}

const failed = (fault: unknown): Outcome => ({
  ok: false,
  status: `No answer: ${fault instanceof Error ? fault.message : String(fault)}`,
  headers: [],
  body: "",
  streams: false,
});
