import { Failure } from "../../src/cli/lib/failure.ts";
import { recordOf, textOf } from "../../src/console/try/documents.ts";
import { post } from "../../src/console/try/post.ts";
import { type Documents, loadDocuments } from "../../src/console/try/documents-load.ts";
import type { Socket } from "../../src/console/try/contract.ts";
import { missing } from "../../src/console/try/addresses.ts";
import { EVENTS, type EventContext, JOINED, joins } from "./events.ts";
import { type Ground, Obstacle, findGround } from "./ground.ts";
import { interactive } from "./interactive.ts";
import { Listener } from "./listener.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { inDialect, say, sayTable, style } from "./print.ts";
import { NOT_HEARD, type Result, askStatus, tellOne } from "./tell.ts";

const SESSION = "focus-123";
const PATIENCE_MS = 5000;

/** Resolves to the exit code. */
export async function runClientTest(argv: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(argv, process.env);
  } catch (fault) {
    return failed(fault instanceof Error ? fault.message : String(fault), "see --help", 2);
  }
  if (options.help) {
    say(HELP);
    return 0;
  }
  try {
    return await onGround(options, await findGround(options, process.env));
  } catch (fault) {
    if (fault instanceof Obstacle) return failed(fault.message, fault.fix, 1);
    if (fault instanceof Failure) return failed(fault.message, fault.problems[0]?.fix ?? "", fault.exitCode);
    throw fault;
  }
}

function failed(what: string, fix: string, code: number): number {
  process.stderr.write(`error  ${what}\nfix    ${fix}\n`);
  return code;
}

async function onGround(options: Options, ground: Ground): Promise<number> {
  try {
    say(`${style("bold", ground.origin)} as ${ground.token.label}\n`);
    await mustBeKnown(ground);
    const documents = await loadDocuments(ground.origin);
    const sockets = chosen(options, documents);
    if (options.interactive) return await interactive(listenerAt(options, ground, sockets[0] as Socket));
    return await everything(
      ground,
      sockets.map((socket) => listenerAt(options, ground, socket)),
      documents,
    );
  } finally {
    await ground.leave();
  }
}

/** Nothing else can be tried with a bad token. Throws an Obstacle. */
async function mustBeKnown({ origin, token }: Ground): Promise<void> {
  const path = "/api/v1/notifications/unread-count";
  const { status, json } = await post(origin, {
    method: "GET",
    path,
    values: {},
    proof: token.text,
    body: "",
  });
  if (status < 400) return;
  const { detail } = recordOf(json);
  throw new Obstacle(
    `the token is refused: ${textOf(detail) ?? status}`,
    "dragoman token 101 --name alice makes one",
  );
}

/** Throws an Obstacle where there is no such socket. */
function chosen({ dialects: wanted, socket }: Options, { dialects }: Documents): readonly Socket[] {
  const known = dialects.map(({ name }) => name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Obstacle(`this server has no dialect "${unknown}"`, `one of ${known.join(", ")}`);
  const sockets = dialects
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .flatMap((dialect) => dialect.sockets);
  const named = socket === null ? sockets : sockets.filter(({ name }) => name === socket);
  if (named.length > 0) return named;
  throw new Obstacle(
    `${wanted[0] ?? ""} has no socket "${socket ?? ""}"`,
    `one of ${sockets.map(({ name }) => name).join(", ")}`,
  );
}

function listenerAt(
  { lastEventId }: Options,
  { origin, token, workspace }: Ground,
  socket: Socket,
): Listener {
  const values = { workspace_id: workspace, session_id: SESSION, user_id: token.userId };
  return new Listener({ origin, socket, values, token, lastEventId });
}

async function everything(
  ground: Ground,
  listeners: readonly Listener[],
  documents: Documents,
): Promise<number> {
  const open: Listener[] = [];
  for (const listener of listeners) if (await opened(listener, ground)) open.push(listener);
  const refused = listeners.filter((one) => !open.includes(one) && !needsWorkspace(one.socket, ground));
  const results: Result[] = [await askStatus(ground, open)];
  for (const event of EVENTS) results.push(await tellOne(event, ground, open));
  for (const listener of open) listener.close();
  return summary(
    results.filter(({ told }) => told !== NOT_HEARD),
    documents,
    refused,
  );
}

/** Open, and in the rooms where it hears something. */
async function opened(listener: Listener, ground: Ground): Promise<boolean> {
  if (needsWorkspace(listener.socket, ground)) {
    listener.note("left out: name a workspace to listen to it");
    return false;
  }
  if ((await listener.open()) !== null) return false;
  const context: EventContext = { userId: ground.token.userId, marker: "", ...ground };
  for (const frame of joins(listener.name, context)) listener.say(frame);
  const joined = JOINED[listener.name];
  const count = joins(listener.name, context).length;
  return joined === undefined || listener.heardTimes(joined, count, PATIENCE_MS);
}

const needsWorkspace = (socket: Socket, { workspace }: Ground): boolean =>
  missing(socket.address, { workspace_id: workspace, session_id: SESSION, user_id: "-" }).length > 0;

function summary(results: readonly Result[], { dialects }: Documents, refused: readonly Listener[]): number {
  const names = dialects.map(({ name }) => name).filter((name) => results.some(({ cells }) => name in cells));
  say();
  sayTable(
    [
      ["", "told", ...names],
      ...results.map(({ name, told, cells }) => [name, told, ...names.map((name) => cells[name] ?? "·")]),
    ],
    (cell) => (cell === "heard" ? style("good", cell) : cell === "MISSING" ? style("bad", cell) : cell),
  );
  say(`\n  ${style("dim", "· this dialect has no frame for it, or none of its sockets is open")}`);
  const wrong = results.filter(({ ok }) => ok === false);
  const left = results.filter(({ ok }) => ok === null);
  const done = results.length - wrong.length - left.length;
  for (const { name, socket } of refused) say(`  refused: ${inDialect(socket.dialect, name)}`);
  say();
  if (left.length > 0) say(`${left.length} left out: ${left.map(({ name }) => name).join(", ")}`);
  if (wrong.length === 0 && refused.length === 0) {
    say(`${style("good", "ok")}  ${done} events arrived in every dialect that has a frame for them`);
    return 0;
  }
  say(
    `${style("bad", "FAILED")}  ${wrong.length} of ${results.length} events, ${refused.length} sockets refused`,
  );
  return 1;
}
