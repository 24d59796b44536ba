/**
 * A picture of the first minute: what `dragoman dev` says, one request, and the frames that clients
 * of three dialects hear of it. All of it is real: the program runs, the sockets are open.
 */
import { box, line, MONO, type Runs, svg, type Scheme } from "./screenshots-svg.ts";
import { ROOT } from "./run.ts";

/** What is read instead of the port that happened to be free. */
const SHOWN_HOST = "127.0.0.1:8000";
const LISTENERS = [
  { dialect: "chat", path: "/api/v1/ws/connect", join: { type: "join_room", room: "project:789" } },
  { dialect: "notifier", path: "/api/v1/ws", join: { type: "join_room", room: "project_789" } },
  { dialect: "onetask", path: "/ws/tasks/789", join: null },
] as const;
const TOLD = /"(task\.completed|task\.status_changed|room_message|notification)"/;
const TASK = { task_id: 456, title: "Write the report", action: "completed", workspace_id: 789 };

export interface Session {
  /** The first lines of the page that `dev` shows. */
  readonly page: readonly string[];
  readonly answer: string;
  /** A frame each, in the order of the listeners. */
  readonly frames: readonly string[];
}

/** Plays it once. */
export async function playSession(): Promise<Session> {
  const port = freePort();
  const program = Bun.spawn(["bun", `${ROOT}/src/main.ts`, "dev", "--port", String(port)], {
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, NO_COLOR: "1" },
  });
  try {
    const page = await pageOf(program.stdout);
    const [alice = "", bob = ""] = [...page.matchAll(/\(10[12]\)\s+(\S+)/g)].map(([, token]) => token ?? "");
    const heard = await Promise.all(LISTENERS.map((listener) => listen(port, listener, bob)));
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/realtime/events/task`, {
      method: "POST",
      headers: { authorization: `Bearer ${alice}`, "content-type": "application/json" },
      body: JSON.stringify(TASK),
    });
    const frames = await Promise.all(heard.map(({ frame }) => frame));
    return {
      page: page.replaceAll(`127.0.0.1:${port}`, SHOWN_HOST).split("\n").slice(0, 5),
      answer: await answer.text(),
      frames,
    };
  } finally {
    program.kill();
    await program.exited;
  }
}

function freePort(): number {
  const server = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}

async function pageOf(output: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("No wscat?")) return text;
  }
  throw new Error(`dev ended: ${text}`);
}

/** Resolves once it listens; `frame` is the first that tells of the task. */
async function listen(
  port: number,
  { path, join }: (typeof LISTENERS)[number],
  token: string,
): Promise<{ readonly frame: Promise<string> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}?token=${token}`);
  const { promise: frame, resolve: told } = Promise.withResolvers<string>();
  const { promise: ready, resolve: listens } = Promise.withResolvers<void>();
  socket.addEventListener("message", ({ data }) => {
    const text = String(data);
    // The first frame only greets; the one behind it says that the room is joined.
    if (join === null || /joined/i.test(text)) listens();
    if (TOLD.test(text) && text.includes("456")) told(text);
  });
  socket.addEventListener("open", () => {
    if (join !== null) socket.send(JSON.stringify(join));
    else listens();
  });
  await ready;
  return { frame };
}

const [WIDTH, PANE_WIDTH, GAP, PAD] = [920, 288, 12, 16];
const LINE_HEIGHT = 18.5;
const PANE_CHARACTERS = 36;
const MAX_LINES = 17;

export function terminal({ page, answer, frames }: Session, scheme: Scheme): string {
  const first: readonly Runs[] = [
    [
      ["d", "$ "],
      ["t", "dragoman dev"],
    ],
    ...page.map(runsOfPage),
  ];
  const body = JSON.stringify(TASK);
  const second: readonly Runs[] = [
    [
      ["d", "$ "],
      ["t", `curl -X POST http://${SHOWN_HOST}/api/v1/realtime/events/task \\`],
    ],
    [
      ["t", "    -H "],
      ["g", `"Authorization: Bearer $TOKEN"`],
      ["t", " -H "],
      ["g", `"Content-Type: application/json"`],
      ["t", " \\"],
    ],
    [
      ["t", "    -d "],
      ["g", `'${body}'`],
    ],
    runsOfJson(answer),
  ];
  const listings = frames.map((frame) => listingOf(frame));
  const rows = Math.max(...listings.map(({ length }) => length));
  const [top, middle] = [PAD, PAD + heightOf(first.length) + GAP];
  const bottom = middle + heightOf(second.length) + GAP;
  const drawn = [
    ...paneOf(PAD, top, WIDTH - 2 * PAD, first),
    ...paneOf(PAD, middle, WIDTH - 2 * PAD, second),
    ...LISTENERS.flatMap(({ dialect, path }, place) => {
      const title: Runs = [
        ["t", dialect],
        ["d", `  ${path}`],
      ];
      const lines = [title, [], ...(listings[place] ?? [])];
      return paneOf(PAD + place * (PANE_WIDTH + GAP), bottom, PANE_WIDTH, lines, rows + 2);
    }),
  ];
  return svg(
    {
      width: WIDTH,
      height: bottom + heightOf(rows + 2) + PAD,
      title: "One event, three dialects",
      about:
        "dragoman dev starts and shows two demo users. A curl command tells of a completed task. Below, a chat client, a notifier client and a onetask client show the frame that each received.",
      css: `text{font:12px ${MONO};white-space:pre}`,
      body: drawn,
    },
    scheme,
  );
}

const heightOf = (lines: number): number => Math.round(lines * LINE_HEIGHT + 2 * 13);

function paneOf(
  x: number,
  y: number,
  width: number,
  lines: readonly Runs[],
  rows = lines.length,
): readonly string[] {
  return [
    box("pane", x, y, width, heightOf(rows)),
    ...lines.map((runs, place) => line(x + 16, Math.round(y + 26 + place * LINE_HEIGHT), runs)),
  ];
}

/** A token is one by its beginning; the rest would fill the picture. */
function runsOfPage(text: string): Runs {
  const short = text.replace(/eyJ[\w-]{7}[\w.-]+/g, (token) => `${token.slice(0, 10)}…`);
  return short
    .split(/(https?:\/\/[^\s"]+|eyJ\S+|\(\d+\)| · |(?:admin|member) of .*$)/)
    .filter((part) => part !== "")
    .map((part) => {
      if (part.startsWith("http")) return ["a", part];
      if (part.startsWith("eyJ")) return ["p", part];
      return [/^(?: · |\(|admin|member)/.test(part) ? "d" : "t", part];
    });
}

/** `"key": "text", 12`: each in its colour. A text may end in the next line. */
function runsOfJson(text: string): Runs {
  return text
    .split(/("(?:[^"\\]|\\.)*(?:"|$)|\b(?:\d+|null|true|false)\b)/)
    .filter((part) => part !== "")
    .map((part, place, all) => {
      if (part.startsWith('"')) return [all[place + 1]?.startsWith(":") === true ? "a" : "g", part];
      return [/^(?:\d+|null|true|false)$/.test(part) ? "p" : "t", part];
    });
}

/** The rest of a text that began in the line before. */
function runsOfRest(text: string): Runs {
  const [, rest = text, comma = ""] = /^(.*")(,?)$/.exec(text) ?? [];
  return [
    ["g", rest],
    ["t", comma],
  ];
}

/** Laid out as narrow as its pane: long texts go on in the next line, what is too much is left out. */
function listingOf(frame: string): readonly Runs[] {
  const lines = JSON.stringify(JSON.parse(frame), null, 2).split("\n");
  const wrapped = lines.flatMap((text) => wrap(text).map((part, place) => ({ part, goesOn: place > 0 })));
  const kept = wrapped.length <= MAX_LINES ? wrapped : wrapped.slice(0, MAX_LINES - 2);
  const runs = kept.map(({ part, goesOn }): Runs => (goesOn ? runsOfRest(part) : runsOfJson(part)));
  return kept === wrapped ? runs : [...runs, [["d", "  …"]], [["t", "}"]]];
}

function wrap(text: string): readonly string[] {
  if (text.length <= PANE_CHARACTERS) return [text];
  const indent = " ".repeat((/^ */.exec(text)?.[0].length ?? 0) + 3);
  const at = text.lastIndexOf(" ", PANE_CHARACTERS);
  if (at <= indent.length || /^\s*"[^"]*":$/.test(text.slice(0, at)))
    return [`${text.slice(0, PANE_CHARACTERS - 3)}…"${text.endsWith(",") ? "," : ""}`];
  return [text.slice(0, at), ...wrap(`${indent}${text.slice(at + 1)}`)];
}
