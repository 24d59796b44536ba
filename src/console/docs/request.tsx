import { useState } from "preact/hooks";
import { Code } from "./code.tsx";
import type { Operation, Parameter } from "./contract.ts";
import { curlOf, type HttpRequest } from "./curl.ts";
import { ProofField, useProof } from "./proof.tsx";
import { sampleOf } from "./schema.ts";

interface Outcome {
  readonly ok: boolean;
  readonly status: string;
  readonly ms: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

type Values = Readonly<Record<string, string>>;

/** Ids of the demo's people and places, where the contract has no example. */
const SAMPLES: Readonly<Record<string, string>> = {
  user_id: "102",
  room: "channel:1",
  workspace_id: "789",
  session_id: "focus-123",
};
const SAMPLE_IDS: Readonly<Record<string, string>> = {
  users: "102",
  workspaces: "789",
  tasks: "456",
  "focus-sessions": "focus-123",
};

/** Fills in, sends, and shows what comes back. */
export function RequestForm({ operation }: { readonly operation: Operation }) {
  const proof = useProof();
  const [values, setValues] = useState<Values>(() => firstValues(operation));
  const [body, setBody] = useState(() => firstBody(operation));
  const [outcome, setOutcome] = useState<Outcome | "sending" | null>(null);
  const request = requestOf(operation, values, body);
  const proves = operation.proof !== "none";
  const shown = { ...request, headers: { ...(proves ? AUTHORIZATION : {}), ...request.headers } };

  const send = (event: Event): void => {
    event.preventDefault();
    setOutcome("sending");
    const bearer = proof.value === "" ? {} : { Authorization: `Bearer ${proof.value}` };
    const headers = { ...bearer, ...request.headers };
    sent({ ...request, headers }).then(setOutcome, (fault: unknown) => setOutcome(failed(fault)));
  };

  return (
    <form class="run" onSubmit={send}>
      {proves && <ProofField />}
      {operation.parameters.map((parameter) => (
        <label key={keyOf(parameter)}>
          <span>
            {parameter.name} <span class="dim">{parameter.in}</span>
          </span>
          <input
            name={parameter.name}
            required={parameter.required}
            spellcheck={false}
            autocomplete="off"
            value={values[keyOf(parameter)] ?? ""}
            onInput={({ currentTarget }) =>
              setValues({ ...values, [keyOf(parameter)]: currentTarget.value })
            }
          />
        </label>
      ))}
      {operation.body !== null && (
        <label>
          <span>Body</span>
          <textarea
            name="body"
            rows={Math.min(16, body.split("\n").length + 1)}
            spellcheck={false}
            value={body}
            onInput={({ currentTarget }) => setBody(currentTarget.value)}
          />
        </label>
      )}
      <Code text={curlOf(shown)} language="sh" label="The same with curl" />
      <button type="submit" class="primary" disabled={outcome === "sending"}>
        Send
      </button>
      <div aria-live="polite">{outcome !== null && outcome !== "sending" && <Shown outcome={outcome} />}</div>
    </form>
  );
}

const AUTHORIZATION = { Authorization: "Bearer $TOKEN" };

function Shown({ outcome: { ok, status, ms, headers, body } }: { readonly outcome: Outcome }) {
  return (
    <div class="outcome">
      <p>
        <strong class={ok ? "ok" : "bad"}>{status}</strong> <span class="dim">in {ms} ms</span>
      </p>
      {headers.length > 0 && (
        <details>
          <summary>Headers</summary>
          <Code text={headers.map(([name, value]) => `${name}: ${value}`).join("\n")} language="" />
        </details>
      )}
      {body === "" ? <p class="dim">No body.</p> : <Code text={body} language="json" label="Answer" />}
    </div>
  );
}

const keyOf = ({ in: place, name }: Parameter): string => `${place} ${name}`;

function firstValues({ parameters, path }: Operation): Values {
  return Object.fromEntries(
    parameters
      .filter((parameter) => parameter.required || parameter.example !== undefined)
      .map((parameter) => [keyOf(parameter), exampleOf(parameter, path)]),
  );
}

function exampleOf({ name, example }: Parameter, path: string): string {
  if (example !== undefined) return String(example);
  const owner = path.split("/").at(path.split("/").indexOf(`{${name}}`) - 1) ?? "";
  return (name === "id" ? SAMPLE_IDS[owner] : SAMPLES[name]) ?? "1";
}

function firstBody({ body, resolve }: Operation): string {
  if (body === null) return "";
  return JSON.stringify(body.example ?? sampleOf(body.schema, resolve), null, 2);
}

function requestOf({ method, path, parameters, body: described }: Operation, values: Values, body: string): HttpRequest {
  const given = parameters
    .map((parameter) => ({ ...parameter, value: values[keyOf(parameter)] ?? "" }))
    .filter(({ value }) => value !== "");
  const at = given
    .filter((parameter) => parameter.in === "path")
    .reduce((so, { name, value }) => so.replace(`{${name}}`, encodeURIComponent(value).replaceAll("%3A", ":")), path);
  const query = new URLSearchParams(
    given.filter((parameter) => parameter.in === "query").map(({ name, value }) => [name, value]),
  ).toString();
  const headers = Object.fromEntries(
    given.filter((parameter) => parameter.in === "header").map(({ name, value }) => [name, value]),
  );
  return {
    method,
    url: `${location.origin}${at}${query === "" ? "" : `?${query}`}`,
    headers: described === null ? headers : { ...headers, "Content-Type": "application/json" },
    body: described === null ? null : body,
  };
}

async function sent({ method, url, headers, body }: HttpRequest): Promise<Outcome> {
  const began = performance.now();
  const response = await fetch(url, { method, headers, ...(body === null ? {} : { body }) });
  const text = await response.text();
  return {
    ok: response.ok,
    status: `${response.status} ${response.statusText}`,
    ms: Math.round(performance.now() - began),
    headers: [...response.headers],
    body: pretty(text),
  };
}

const failed = (fault: unknown): Outcome => ({
  ok: false,
  status: `No answer: ${fault instanceof Error ? fault.message : String(fault)}`,
  ms: 0,
  headers: [],
  body: "",
});

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
