import { isObject, parseJson } from "../../core/json.ts";
import { shown } from "./compare.ts";
import { detailOf, paramsOf, patiently, queryText, tokenOf } from "./dialling.ts";
import { type Expected, FOREIGN, type Kept } from "./expect.ts";
import type { Notebook } from "./notebook.ts";
import { Skip, Stop } from "./result.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import type { Asked, From, Step } from "./steps.ts";

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
  readonly retryAfterSeconds: number | null;
}

const valueOf = <T>(from: From<T> | undefined, kept: Kept): T | undefined =>
  typeof from === "function" ? (from as (kept: Kept) => T)(kept) : from;

/** Asks over HTTP; what comes must be the answer. */
export async function askAnswer(
  { asked, answer }: Extract<Step, { do: "ask" }>,
  scene: Scene,
  run: Run,
  notes: Notebook,
): Promise<void> {
  const answered = await patiently(
    () => request(asked, scene, run, notes),
    ({ status }) => status === 429,
    run,
  );
  if (answered.status === answer.skip?.status) throw new Skip(answer.skip.why);
  const wanted: Record<string, Expected> = { status: answer.status };
  const seen: Record<string, unknown> = { status: answered.status };
  if (answer.headers !== undefined) {
    wanted["headers"] = answer.headers;
    seen["headers"] = Object.fromEntries(
      Object.keys(answer.headers).map((name) => [name, answered.headers.get(name)]),
    );
  }
  if (answer.body !== undefined) {
    wanted["body"] = answer.body;
    seen["body"] = answered.body;
  }
  const good = notes.compared(`what ${asked.method} ${asked.path} answers`, seen, wanted);
  // Whoever was refused makes no event that could be heard.
  if (!good && answered.status >= 400) throw new Stop();
}

/** Makes an event: by a command of the tested backend, where there is one, else by Dragoman's HTTP API. */
export async function makeEvent(
  { name, asked, answer }: Extract<Step, { do: "make" }>,
  scene: Scene,
  run: Run,
  notes: Notebook,
): Promise<void> {
  const trigger = run.triggers[name];
  if (trigger !== undefined) return runTrigger(trigger, name, asked, scene, run, notes);
  const answered = await request(asked, scene, run, notes);
  if (answered.status >= 400) {
    const why = `${asked.method} ${asked.path} answers ${answered.status}${detailOf(answered.text)}`;
    throw new Skip(`the document names no address that makes this, and ${why}: --trigger '${name}=COMMAND'`);
  }
  notes.compared(
    `what ${asked.method} ${asked.path} answers`,
    { status: answered.status, body: answered.body },
    {
      status: answer.status,
      body: answer.body ?? (answered.body as Expected),
    },
  );
}

/** The command finds the request's body and who is meant in its environment. */
async function runTrigger(
  command: string,
  name: string,
  { body }: Asked,
  { a, b, workspace, room, session, task }: Scene,
  run: Run,
  notes: Notebook,
): Promise<void> {
  notes.kept.set(FOREIGN, true);
  notes.note(`$ ${command}`);
  const child = Bun.spawn(["sh", "-c", command], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    timeout: run.timeoutMs * 2,
    env: {
      ...process.env,
      CONFORM_EVENT: name,
      CONFORM_BODY: JSON.stringify(valueOf(body, notes.kept) ?? {}),
      CONFORM_USER: a.id,
      CONFORM_USER_B: b.id,
      CONFORM_WORKSPACE: workspace,
      CONFORM_ROOM: room,
      CONFORM_SESSION: session,
      CONFORM_TASK: String(task),
    },
  });
  const code = await child.exited;
  if (code !== 0) throw new Skip(`the command for ${name} ended with ${code}: ${command}`);
}

async function request(asked: Asked, scene: Scene, run: Run, notes: Notebook): Promise<Answered> {
  const params = paramsOf(valueOf(asked.params, notes.kept) ?? {}, asked.as, scene);
  const body = valueOf(asked.body, notes.kept);
  const query = valueOf(asked.query, notes.kept) ?? {};
  const token = tokenOf(asked.as, run);
  const sent = body === undefined ? "" : ` ${typeof body === "string" ? body : shown(body)}`;
  notes.note(
    `${asked.as === "nobody" ? "" : `${asked.as}: `}${asked.method} ${run.place.path(asked.path, params)}${queryText(query)}${sent}`,
  );
  const answer = await fetch(run.place.http(asked.path, params, query), {
    method: asked.method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...asked.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    redirect: "manual",
    ...run.access,
    signal: AbortSignal.timeout(run.timeoutMs),
  });
  const text = await answer.text();
  notes.note(`  ${answer.status} ${text}`);
  const parsed = parseJson(text);
  return {
    status: answer.status,
    headers: answer.headers,
    body: parsed === undefined ? text : parsed,
    text: isObject(parsed) ? text : "",
    retryAfterSeconds: Number(answer.headers.get("retry-after")) || null,
  };
}
