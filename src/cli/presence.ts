import type { Command } from "commander";
import { examples } from "./lib/command.ts";
import { answer } from "./lib/output.ts";
import { userNamed } from "./lib/proof.ts";
import { remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import { tellPresence } from "./room.ts";

export function define(command: Command): void {
  withServer(command.argument("[target]", "a room, or user:ID; left out: everybody who is connected")).action(
    run,
  );
  examples(command, [
    ["dragoman presence", "everybody who is connected, in any dialect"],
    ["dragoman presence channel:1", "who is in a room, each user once"],
    ["dragoman presence user:101 --json", "whether one user is connected"],
  ]);
}

async function run(target: string | undefined, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const [, user] = /^user:(.+)$/s.exec(target ?? "") ?? [];
  if (user !== undefined) {
    const { id } = userNamed(user, remote.dev);
    const told = await remote.get<{ connected: boolean }>(`/api/v1/presence/users/${encodeURIComponent(id)}`);
    answer(flags, told, () => `user ${id} is ${told.connected ? "" : "not "}connected`);
  } else if (target !== undefined) {
    await tellPresence(remote, target, flags);
  } else {
    const told = await remote.get<{ users: readonly (number | string)[] }>("/api/v1/presence/users");
    answer(flags, told, () => (told.users.length === 0 ? "nobody is connected" : told.users.join("\n")));
  }
}
