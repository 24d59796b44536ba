import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { readFolderSecret } from "../app/data-folder.ts";
import { type DemoUser, DEMO_USERS, demoTokens, seedDemo } from "../app/demo.ts";
import { defaultSettings, type Settings } from "../app/settings.ts";
import { localAddress } from "./lib/address.ts";
import { examples } from "./lib/command.ts";
import { leaveDevFile } from "./lib/dev-file.ts";
import { pasteable } from "./lib/program-name.ts";
import { addressesOf, pageRows, setupLink } from "./lib/banner.ts";
import { type Running, reachable, serve, signsTokens } from "./lib/running.ts";
import { type Flags, withSettings } from "./lib/settings.ts";
import { type Paint, say, stdoutIsTerminal, stdoutPaint, tellProblem } from "./lib/terminal.ts";
import { shortPath } from "./lib/words.ts";

export function define(command: Command): void {
  withSettings(command.option("--json", "say where it listens, and who is there, as JSON"), "dev").action(
    run,
  );
  examples(command, [
    ["dragoman dev", "in memory; gone when it ends"],
    ["dragoman dev --port 8001 --data-dir dev_data", "on another port, kept in a folder"],
  ]);
}

async function run(flags: Flags): Promise<void> {
  let forget = (): void => {};
  try {
    await serve({
      command: "dev",
      flags,
      adapt: withSecret,
      prepare: (dragoman) => seedDemo(dragoman.assembly.hub),
      opening: warnOfStrangers,
      show(running) {
        forget = leaveSecret(running);
        say(flags["json"] === true ? JSON.stringify(documentOf(running)) : page(running, stdoutPaint()));
      },
    });
  } finally {
    forget();
  }
}

/** In memory it has a secret of its own, made here so that the other commands can be told. */
const withSecret = (settings: Settings): Settings =>
  settings.dataDir === undefined && signsTokens({ settings }) && settings.jwtSecret === undefined
    ? { ...settings, jwtSecret: randomBytes(32).toString("hex") }
    : settings;

/** Lets the other commands of this user speak as anybody; answers with what ends that. */
function leaveSecret({ dragoman, settings, address }: Running): () => void {
  if (!signsTokens({ settings })) return () => {};
  const { jwtUserIdClaim, jwtIssuer, jwtAudience } = settings;
  return leaveDevFile({
    pid: process.pid,
    url: reachable(address.url),
    secret: settings.jwtSecret ?? readFolderSecret(dragoman.folder?.path ?? ""),
    rules: { jwtUserIdClaim, jwtIssuer, jwtAudience },
    users: DEMO_USERS.map(({ id, username }) => ({ id, username })),
  });
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

function warnOfStrangers({ host }: Settings): void {
  if (LOOPBACK.includes(host)) return;
  tellProblem(
    {
      what: `everybody who can reach this machine can connect to HOST ${host}, and dev is open`,
      where: "",
      fix: "for more than a try in your own network: dragoman serve",
    },
    "warn",
  );
}

/** The same for programs. */
function documentOf(running: Running): object {
  const users = usersOf(running);
  const sockets = listeners(running, users[1] as DemoUser).map(({ dialect, path, frames = [] }) => ({
    dialect,
    url: `${reachable(running.address.wsUrl)}${path}`,
    frames: frames.map((frame) => JSON.parse(frame) as unknown),
  }));
  return {
    ...addressesOf(running),
    data_dir: running.dragoman.folder?.path ?? null,
    users: users.map(({ id, username, token }) => ({ id, username, token })),
    sockets,
  };
}

/** The page of a newcomer: who is there, where to listen, what to tell. Every line of it works as it is. */
function page(running: Running, paint: Paint): string {
  const { dragoman, address, settings } = running;
  const url = reachable(address.url);
  const [alice, bob] = usersOf(running) as readonly [DemoUser, DemoUser];
  const kept = dragoman.folder === null ? "in memory" : `kept in ${shortPath(dragoman.folder.path)}`;
  const row = (name: string, text: string): string => `  ${paint("dim", name.padEnd(9))}${text}`;
  const rooms = settings.access === "open" ? "every room open" : "rooms for their members";
  return [
    `${paint("bold", "dragoman dev")} · ${paint("accent", url)} · ${kept}, ${rooms}`,
    ...pageRows(running).map(([name, text]) =>
      name === "console" ? row(name, `${text} · ${consoleNote(running)}`) : row(name, text),
    ),
    ...[alice, bob].map(
      ({ id, username, token, is }) =>
        `  ${paint("bold", username.padEnd(5))} (${id})  ${token}   ${paint("dim", is)}`,
    ),
    "",
    `Listen as ${bob.username}: one line for each dialect, each in a terminal of its own.`,
    ...listeners(running, bob).map((listener) => linesOf(listener, reachable(address.wsUrl), paint)),
    "",
    `Tell as ${alice.username}: a task event, heard above in every dialect's own words.`,
    `    ${post(`${url}/api/v1/realtime/events/task`, TASK_EVENT, alice.token)}`,
    ...(settings.diary === "open"
      ? [
          "And an announcement for everybody; it needs no token here.",
          `    ${post(`${url}/api/v1/ws/notification`, ANNOUNCEMENT)}`,
        ]
      : []),
    "",
    ...withoutWscat(running, paint),
  ].join("\n");
}

/** The same by this program alone, in two terminals. */
function withoutWscat(running: Running, paint: Paint): readonly string[] {
  if (!signsTokens(running)) return [paint("dim", `No wscat?  npx -y wscat@6.1.0 -c "ws://…"`), ""];
  const url = reachable(running.address.url);
  const where = url === localAddress(defaultSettings("dev")) ? "" : ` --url ${url}`;
  return [
    "No wscat? In two terminals:",
    pasteable(`    dragoman tail channel:1 --as alice${where}`),
    pasteable(`    dragoman send channel:1 "Hello" --as bob${where}`),
    "",
  ];
}

/** Who gets into the console: whoever is on this machine; where that cannot be, whoever sees this terminal. */
function consoleNote({ dragoman, address, settings }: Running): string {
  if (!signsTokens({ settings })) return "sign in with an admin's token or a service key";
  if ([...LOOPBACK, "0.0.0.0", "::"].includes(settings.host)) return "open on this machine, without a token";
  const code = stdoutIsTerminal() ? dragoman.assembly.setupCode() : null;
  return code === null ? "sign in with an admin's token" : `as admin: ${setupLink(address, code)}`;
}

const TASK_EVENT = {
  task_id: 456,
  title: "Write the report",
  action: "updated",
  workspace_id: 789,
  target_user_ids: DEMO_USERS.map((user) => Number(user.id)),
};
const ANNOUNCEMENT = { message: "Maintenance at noon" };

interface Listener {
  readonly dialect: string;
  readonly note: string;
  readonly path: string;
  /** To be typed once it is open. */
  readonly frames?: readonly string[];
}

function listeners({ settings }: Running, { id, token }: DemoUser): readonly Listener[] {
  const joinRoom = JSON.stringify({ type: "join_room", room: "channel:1" });
  const sendMessage = JSON.stringify({ type: "send_message", room: "channel:1", data: { content: "Hello" } });
  const joinProject = JSON.stringify({ type: "join_room", room: "project_789" });
  const all: readonly Listener[] = [
    { dialect: "onetask", note: "notifications", path: `/ws/notifications?token=${token}` },
    {
      dialect: "onetask-v1",
      note: "the same in its own frames",
      path: `/api/v1/ws/notifications?token=${token}`,
    },
    {
      dialect: "chat",
      note: "then type the two frames",
      path: `/api/v1/ws/connect?token=${token}`,
      frames: [joinRoom, sendMessage],
    },
    {
      dialect: "notifier",
      note: "then type the frame",
      path: `/api/v1/ws?token=${token}`,
      frames: [joinProject],
    },
    {
      dialect: "native",
      note: "everything since the first event, then live",
      path: `/api/v1/stream?last_event_id=0&token=${token}`,
    },
    {
      dialect: "diary",
      note: "without a token it hears announcements only",
      path: `/api/v1/ws/${id}?token=${token}`,
    },
  ];
  return all.filter(({ dialect }) => dialect !== "diary" || settings.diary !== "off");
}

const linesOf = ({ dialect, note, path, frames = [] }: Listener, url: string, paint: Paint): string =>
  [
    `  ${paint("bold", dialect)} ${paint("dim", `· ${note}`)}`,
    `    wscat -c "${url}${path}"`,
    ...frames.map((frame) => `    ${frame}`),
  ].join("\n");

/** Demo users with tokens; where only the owner of a private key can sign, with the place for one. */
function usersOf(running: Running): readonly DemoUser[] {
  const signs = signsTokens(running);
  return demoTokens((user) => (signs ? running.dragoman.token(user) : "$TOKEN"));
}

const post = (url: string, body: unknown, token?: string): string => {
  const proof = token === undefined ? "" : ` -H "Authorization: Bearer ${token}"`;
  return `curl -X POST ${url}${proof} -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`;
};
