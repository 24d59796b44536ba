/** A stop while sockets send as fast as they can: it ends, and whatever anybody heard is in the file. */
import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf } from "../support/client.ts";
import { PATHS } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const SOCKETS = 4;
const HEARD_BEFORE_STOP = 2000;
const RESTART = 1012;

const folder = mkdtempSync(join(tmpdir(), "dragoman-flood-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the flooding process tells: that the flood is on, and at the end what it heard and how it ended. */
type Told = "flooding" | { readonly ids: readonly number[]; readonly codes: readonly number[] };

/**
 * Runs in a process of its own, as text: nothing from outside is known here. Each socket sends
 * while fewer than `ahead` of its messages are unheard; closed otherwise than by the server's end, it comes again.
 */
function flood(urls: readonly string[], ahead: number, enough: number): void {
  const ids: number[] = [];
  const codes: number[] = [];
  let left = urls.length;
  const enter = (url: string, room: string): void => {
    const socket = new WebSocket(url);
    let sent = 0;
    let heard = 0;
    const text = JSON.stringify({ type: "send_message", room, data: { content: "hello" } });
    const send = (): void => {
      if (socket.readyState !== WebSocket.OPEN) return;
      for (let i = 0; i < 200 && sent - heard < ahead && socket.bufferedAmount < 1_000_000; i++, sent++)
        socket.send(text);
      setImmediate(send);
    };
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: "join_room", room }));
      send();
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as { type: string; data: { message_id: number } };
      if (frame.type !== "message") return;
      heard++;
      ids.push(frame.data.message_id);
      if (ids.length === enough) process.send?.("flooding");
    };
    socket.onclose = ({ code }) => {
      codes.push(code);
      // Never opened, or told that it is over.
      if (code !== 1012 && sent > 0) return enter(url, room);
      if (--left === 0) process.send?.({ ids, codes }, () => process.exit());
    };
  };
  urls.forEach((url, i) => enter(url, `channel:${i}`));
}

/** Of a socket: up to 1024 writes on their way and 4096 frames that wait, then it is closed. */
test.each([
  ["keep the server's queues full", 3000],
  ["know no bounds, and come again when they are closed for it", 1e9],
])(
  "stop() ends while four sockets %s; what they heard is stored",
  async (_, ahead) => {
    const dataDir = join(folder, String(ahead));
    await using server = await startServer({ ...NO_RATES, dataDir, maxConnectionsPerUser: 0 });
    const urls = Array.from({ length: SOCKETS }, (_, n) =>
      addressOf(server, PATHS.chat, { as: { id: n + 1 } }),
    );
    const flooding = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<Exclude<Told, string>>();
    const child = Bun.spawn(
      [
        process.execPath,
        "-e",
        `(${flood.toString()})(...${JSON.stringify([urls, ahead, HEARD_BEFORE_STOP])})`,
      ],
      {
        stdio: ["ignore", "inherit", "inherit"],
        ipc: (told: Told) => (told === "flooding" ? flooding.resolve() : ended.resolve(told)),
      },
    );
    await flooding.promise;
    await server.stop();
    const { ids, codes } = await ended.promise;
    expect(await child.exited).toBe(0);
    expect(codes.length).toBeGreaterThanOrEqual(SOCKETS);
    if (ahead < 1e9) expect(codes).toEqual(Array.from({ length: SOCKETS }, () => RESTART));

    const db = new Database(join(dataDir, "dragoman.db"), { readonly: true });
    const rows = db.prepare("SELECT id FROM events WHERE kind = 'message.created'").all() as { id: number }[];
    db.close();
    const stored = new Set(rows.map(({ id }) => id));
    expect(ids.length).toBeGreaterThanOrEqual(HEARD_BEFORE_STOP);
    expect(ids.filter((id) => !stored.has(id))).toEqual([]);
    expect(server.logs.entries.filter(({ level }) => level === "error")).toEqual([]);
  },
  20_000,
);
