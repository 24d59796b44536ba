import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { LEVELS } from "../core/event.ts";
import { jsonObject } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { EXIT, failure } from "./lib/failure.ts";
import { moment } from "./lib/moments.ts";
import { answer, counted } from "./lib/output.ts";
import { userNamed } from "./lib/proof.ts";
import { type Remote, remoteFor, withServer } from "./lib/remote.ts";
import { checkedRoom, meantBy } from "./lib/rooms.ts";
import type { Flags } from "./lib/settings.ts";

interface NotifyFlags extends Flags {
  readonly title?: string;
  readonly level?: string;
  readonly link?: string;
  readonly priority?: string;
  readonly data?: string;
  readonly at?: string;
  readonly expires?: string;
}

export function define(command: Command): void {
  withServer(
    command
      .argument("<target>", "user:ID, a room, or everyone")
      .argument("<text...>", "what it says")
      .option("--title <text>", "above the text")
      .addOption(new Option("--level <level>", "how it is shown (info)").choices(LEVELS))
      .option("--link <address>", "where it leads")
      .option("--priority <word>", "low, normal, high (normal)")
      .option("--data <json>", "an object that goes with it")
      .option("--at <time>", "deliver it later: 10m, 2h, or 2026-01-31T09:00:00Z")
      .option("--expires <time>", "take it out of inboxes after: 7d, or a time"),
  ).action(run);
  examples(command, [
    ['dragoman notify user:101 "Processing complete" --level success', "kept in his inbox, connected or not"],
    [
      'dragoman notify project:789 "New result" --title Report --link /reports/7',
      "for those who are in the room now",
    ],
    ['dragoman notify everyone "Maintenance at noon" --expires 2h', "for everybody who is connected"],
    ['dragoman notify user:101 "Time for the report" --at 10m', "in ten minutes"],
  ]);
}

interface Told {
  readonly delivered?: boolean;
  readonly notification_id?: number | null;
  readonly count?: number;
}

async function run(target: string, words: readonly string[], flags: NotifyFlags): Promise<void> {
  const message = words.join(" ");
  if (message.trim() === "")
    throw failure(
      "the notification is empty",
      'write some text: dragoman notify user:101 "Hello"',
      EXIT.usage,
    );
  const { title, level, link, priority } = flags;
  const notice = {
    message,
    title,
    level,
    link,
    priority,
    data: flags.data === undefined ? undefined : jsonObject(flags.data, "--data"),
    deliver_at: flags.at === undefined ? undefined : moment(flags.at, "--at"),
    expires_at: flags.expires === undefined ? undefined : moment(flags.expires, "--expires"),
  };
  const remote = remoteFor(flags);
  const { path, who } = addressee(target, remote);
  const told = await remote.post<Told>(`/api/v1/notify/${path}`, notice, { idempotencyKey: randomUUID() });
  answer(flags, told, () => tell(told, who, notice.deliver_at));
}

function addressee(target: string, remote: Remote): { readonly path: string; readonly who: string } {
  if (target === "everyone") return { path: "broadcast", who: "everyone" };
  const [, name] = /^user:(.+)$/s.exec(target) ?? [];
  if (name === undefined) return { path: `rooms/${encodeURIComponent(checkedRoom(target))}`, who: target };
  const { id } = userNamed(name, remote.dev);
  return {
    path: `users/${encodeURIComponent(id)}`,
    who: id === name ? `user ${id}` : `user ${id} (${name})`,
  };
}

function tell(told: Told, who: string, later: string | undefined): string {
  if (later !== undefined) return `${who} will be told at ${later}`;
  if (told.count !== undefined) {
    if (told.count > 0) return `told ${counted(told.count, "user")}${who === "everyone" ? "" : ` in ${who}`}`;
    if (who === "everyone") return "nobody is connected";
    const meant = meantBy(who);
    const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
    return `nobody is in ${who} now${advice || "; for one user, connected or not: dragoman notify user:ID …"}`;
  }
  const { delivered, notification_id } = told;
  return delivered
    ? `${who} was told (notification ${notification_id})`
    : `${who} is not connected; notification ${notification_id} waits in the inbox`;
}
