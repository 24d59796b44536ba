import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button.tsx";
import { Select, SelectField, TextArea, TextField } from "../lib/field.tsx";
import { Code } from "./code.tsx";
import type { DialectContract, Message, Socket } from "./contract.ts";
import { isToken, ProofField, useProof } from "./proof.tsx";
import { sampleOf } from "./schema.ts";

interface Line {
  readonly from: "client" | "server" | "socket";
  readonly text: string;
}

/** More than a person reads. */
const MAX_LINES = 200;

const SAMPLES: Readonly<Record<string, string>> = {
  workspace_id: "789",
  session_id: "focus-123",
  user_id: "102",
};

/** Connects, sends an example, shows what comes. */
export function SocketPane({ dialect }: { readonly dialect: DialectContract }) {
  const [name, setName] = useState(dialect.sockets[0]?.name ?? "");
  const socket = dialect.sockets.find((candidate) => candidate.name === name);
  if (socket === undefined) return null;
  return (
    <div class="run">
      <ProofField />
      {dialect.sockets.length > 1 && (
        <SelectField
          label="Socket"
          value={name}
          onValue={setName}
          options={dialect.sockets.map((candidate) => [candidate.name, candidate.path])}
        />
      )}
      <Connection
        key={name}
        socket={socket}
        sends={dialect.messages.filter(({ from, sockets }) => from === "client" && sockets.includes(name))}
      />
    </div>
  );
}

function Connection({ socket, sends }: { readonly socket: Socket; readonly sends: readonly Message[] }) {
  const proof = useProof();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [resumes, setResumes] = useState("");
  const { lines, state, connect, disconnect, send } = useTranscript();
  const path = socket.parameters.reduce(
    (at, name) => at.replace(`{${name}}`, encodeURIComponent(values[name] ?? SAMPLES[name] ?? "1")),
    socket.path,
  );
  const query = resumes === "" ? "" : `?last_event_id=${encodeURIComponent(resumes)}`;
  const url = `${location.origin.replace(/^http/, "ws")}${path}${query}`;
  return (
    <>
      {socket.parameters.map((name) => (
        <TextField
          key={name}
          label={name}
          value={values[name] ?? SAMPLES[name] ?? "1"}
          onValue={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <TextField
        label="last_event_id (optional)"
        hint="The last event that you know; 0 for all that is kept, latest for event ids from now on."
        value={resumes}
        onValue={setResumes}
      />
      <Code
        text={`wscat -c "${url}${query === "" ? "?" : "&"}token=$TOKEN"`}
        language="sh"
        label="the command"
      />
      <div class="row">
        {state === "closed" ? (
          <Button kind="primary" onClick={() => void connect(url, proof.value)}>
            Connect
          </Button>
        ) : (
          <Button onClick={disconnect}>Disconnect</Button>
        )}
        <span class={state === "open" ? "ok" : "dim"} role="status">
          {STATES[state]}
        </span>
      </div>
      {sends.length > 0 && <Sender messages={sends} open={state === "open"} send={send} />}
      <Transcript lines={lines} />
    </>
  );
}

const STATES = { closed: "Not connected", opening: "Connecting", open: "Connected" } as const;
type State = keyof typeof STATES;

function Sender({
  messages,
  open,
  send,
}: {
  readonly messages: readonly Message[];
  readonly open: boolean;
  readonly send: (text: string) => void;
}) {
  const sample = (message: Message | undefined): string =>
    message === undefined
      ? ""
      : JSON.stringify(message.examples[0] ?? sampleOf(message.schema, message.resolve), null, 2);
  const [chosen, setChosen] = useState(messages[0]?.name ?? "");
  const [text, setText] = useState(() => sample(messages[0]));
  const choose = (name: string): void => {
    setChosen(name);
    setText(sample(messages.find((message) => message.name === name)));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    send(text);
  };
  return (
    <form class="sender" onSubmit={submit}>
      <TextArea label="Frame" value={text} onValue={setText} />
      <div class="row">
        <Button type="submit" icon="send" disabled={!open}>
          Send
        </Button>
        <Select
          label="Example"
          value={chosen}
          onValue={choose}
          options={messages.map(({ name }) => [name, name])}
        />
      </div>
    </form>
  );
}

const WHO = { client: "sent", server: "heard", socket: "socket" } as const;

function Transcript({ lines }: { readonly lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <div class="transcript" role="log" aria-label="Frames" tabIndex={0}>
      {lines.map(({ from, text }, at) => (
        <p key={at} class={from}>
          <span class="dim">{WHO[from]}</span> <code>{text}</code>
        </p>
      ))}
    </div>
  );
}

/** A socket and what went over it. It is closed with the page. */
function useTranscript() {
  const socket = useRef<WebSocket | null>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [state, setState] = useState<State>("closed");
  useEffect(() => () => socket.current?.close(), []);
  const say = (from: Line["from"], text: string): void =>
    setLines((before) => [...before, { from, text }].slice(-MAX_LINES));

  async function connect(url: string, proof: string): Promise<void> {
    setState("opening");
    const opened = await open(url, proof).catch((fault: unknown) => String(fault));
    if (typeof opened === "string") {
      say("socket", opened);
      setState("closed");
      return;
    }
    socket.current = opened;
    opened.addEventListener("open", () => setState("open"));
    opened.addEventListener("message", ({ data }) => say("server", String(data)));
    opened.addEventListener("close", ({ code, reason }) => {
      say("socket", closeText(code, reason));
      setState("closed");
    });
  }
  return {
    lines,
    state,
    connect,
    disconnect: () => socket.current?.close(1000),
    send: (text: string) => {
      socket.current?.send(oneLine(text));
      say("client", oneLine(text));
    },
  };
}

/** A token rides along as a subprotocol, where no log keeps it; a key gets a ticket first. */
async function open(url: string, proof: string): Promise<WebSocket> {
  if (proof === "") return new WebSocket(url);
  if (isToken(proof)) return new WebSocket(url, ["bearer", proof]);
  const response = await fetch("/api/v1/tickets", {
    method: "POST",
    headers: { authorization: `Bearer ${proof}` },
  });
  const { ticket, detail } = (await response.json()) as {
    readonly ticket?: string;
    readonly detail?: string;
  };
  if (ticket === undefined) throw new Error(detail ?? `no ticket: ${response.status}`);
  return new WebSocket(`${url}${url.includes("?") ? "&" : "?"}ticket=${encodeURIComponent(ticket)}`);
}

/** A browser does not say why a handshake was refused. */
const closeText = (code: number, reason: string): string =>
  code === 1006
    ? "closed 1006: the connection was refused or lost. Is the token right, and may it go there?"
    : `closed ${code}${reason === "" ? "" : `: ${reason}`}`;

/** As it goes over the wire. */
function oneLine(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
