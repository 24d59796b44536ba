import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { jsonObject } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { EXIT, failure } from "./lib/failure.ts";
import { type Remote, remoteFor, withServer } from "./lib/remote.ts";
import { checkedRoom } from "./lib/rooms.ts";
import type { Flags } from "./lib/settings.ts";
import { hint, say, stdinIsTerminal } from "./lib/terminal.ts";

interface SendFlags extends Flags {
  readonly metadata?: string;
  readonly json?: true;
}

interface Message {
  readonly id: number;
  readonly room: string;
}

export function define(command: Command): void {
  withServer(
    command
      .argument("<room>", "channel:1, project:789, task:7, or any other name: a free room")
      .argument("<text...>", "the message; - reads one from each line of the input")
      .option("--metadata <json>", "an object that goes with it"),
  ).action(run);
  examples(command, [
    [
      'dragoman send channel:1 "Hello" --as bob',
      "in chat a message, in notifier a room_message, in native an event",
    ],
    ["df -h / | dragoman send channel:1 -", "each line of a program's output, as an admin"],
  ]);
}

async function run(room: string, words: readonly string[], flags: SendFlags): Promise<void> {
  const metadata = flags.metadata === undefined ? undefined : jsonObject(flags.metadata, "--metadata");
  checkedRoom(room);
  const remote = remoteFor(flags);
  for await (const content of contentsOf(words)) {
    const message = await send(remote, room, { content, metadata });
    say(flags.json ? JSON.stringify(message) : `message ${message.id} in ${message.room}`);
  }
}

const send = (remote: Remote, room: string, body: object): Promise<Message> =>
  remote.post<Message>(`/api/v1/rooms/${encodeURIComponent(room)}/messages`, body, {
    idempotencyKey: randomUUID(),
    patient: true,
  });

async function* contentsOf(words: readonly string[]): AsyncGenerator<string> {
  if (words.join(" ") !== "-") {
    const text = words.join(" ");
    if (text.trim() === "")
      throw failure("the message is empty", 'write some text: dragoman send channel:1 "Hello"', EXIT.usage);
    yield text;
    return;
  }
  if (stdinIsTerminal()) hint("each line is a message; Ctrl-D ends");
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== "") yield line;
}
