import { parseArgs } from "node:util";

export const HELP = `Tries the sockets of a running server.

Usage: scripts/websocket-client-test [TOKEN [WORKSPACE_ID]] [options]

Without arguments it speaks as a demo user of the \`dragoman dev\` of this machine: opens a socket in
each dialect, posts the documented HTTP events, shows what was heard, and ends with 0 or 1. Where no
server answers it starts one of its own, in memory.

  --url ADDRESS        the server (env DRAGOMAN_URL; http://127.0.0.1:8000)
  --token TOKEN        who listens and tells; the same as the first argument
  --as USER            signs for this user with the secret of this machine's server (alice)
  --key KEY            a service key or an admin's token, for what only those may tell
  --workspace ID       a workspace to listen to; the same as the second argument
  --room ROOM          a room to listen to: channel:1
  --dialect NAME       only this dialect; may be given several times
  --socket NAME        only this socket of it: tasks, focus, …
  --last-event-id N    first what was told after this event: 0 for everything kept, or latest
  --interactive        with --dialect: send what is typed, one frame a line
  --help               this text

NO_COLOR is respected.`;

export interface Options {
  /** Null where none was named. */
  readonly url: string | null;
  readonly token: string | null;
  /** Who listens and tells where there is no token. */
  readonly as: string;
  readonly key: string | null;
  readonly workspace: string | null;
  readonly room: string | null;
  /** Empty for all. */
  readonly dialects: readonly string[];
  readonly socket: string | null;
  readonly lastEventId: string;
  readonly interactive: boolean;
  readonly help: boolean;
}

/** Throws an Error that says what is wrong with the arguments. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: "string" },
      token: { type: "string" },
      as: { type: "string" },
      key: { type: "string" },
      workspace: { type: "string" },
      room: { type: "string" },
      dialect: { type: "string", multiple: true },
      socket: { type: "string" },
      "last-event-id": { type: "string" },
      interactive: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [token, workspace, ...others] = positionals;
  if (others.length > 0)
    throw new Error(`unexpected argument "${others[0] ?? ""}": a token and a workspace at most`);
  const dialects = values.dialect ?? [];
  if (values.interactive === true && dialects.length !== 1)
    throw new Error("--interactive wants one --dialect, for example: --dialect chat --interactive");
  if (values.socket !== undefined && dialects.length !== 1)
    throw new Error("--socket wants one --dialect, for example: --dialect onetask --socket tasks");
  return {
    url: values.url ?? env["DRAGOMAN_URL"] ?? null,
    token: values.token ?? token ?? env["DRAGOMAN_TOKEN"] ?? null,
    as: values.as ?? "alice",
    key: values.key ?? env["DRAGOMAN_KEY"] ?? null,
    workspace: values.workspace ?? workspace ?? null,
    room: values.room ?? null,
    dialects,
    socket: values.socket ?? null,
    lastEventId: values["last-event-id"] ?? "",
    interactive: values.interactive === true,
    help: values.help === true,
  };
}
