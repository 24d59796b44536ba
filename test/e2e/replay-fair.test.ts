/** A long replay is sent in slices: whoever else is there is served between them. */
import { expect, test } from "bun:test";
import { NO_RATES, startServer } from "../support/server.ts";

const EVENTS = 8000;

test("while thousands of events are replayed to one socket, another one's pings are answered", async () => {
  await using server = await startServer(NO_RATES);
  for (let told = 0; told < EVENTS; told += 200) {
    await Promise.all(
      Array.from({ length: 200 }, () =>
        server.notifications.notifyRoom({ roomName: "channel:1", message: "x".repeat(200) }),
      ),
    );
  }
  const order: string[] = [];
  const open = async (path: string, userId: number, onFrame: (text: string) => void): Promise<WebSocket> => {
    const socket = new WebSocket(`${server.wsUrl}${path}?token=${server.token({ id: userId })}`);
    socket.addEventListener("message", ({ data }) => onFrame(String(data)));
    await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
    return socket;
  };
  const pinging = await open("/api/v1/ws/connect", 1, (text) => {
    if (!text.includes('"pong"')) return;
    order.push("pong");
    pinging.send('{"type":"ping"}');
  });
  const { promise: resumed, resolve } = Promise.withResolvers<void>();
  const replayed = await open("/api/v1/stream", 2, (text) => {
    if (text.includes('"event_id"')) order.push("event");
    if (text.startsWith('{"type":"resumed"')) resolve();
  });
  pinging.send('{"type":"ping"}');
  replayed.send('{"type":"subscribe","data":{"topics":["channel:1"],"last_event_id":0}}');
  await resumed;

  expect(order.filter((what) => what === "event")).toHaveLength(EVENTS);
  const between = order.slice(order.indexOf("event"), order.lastIndexOf("event"));
  expect(between.filter((what) => what === "pong").length).toBeGreaterThan(2);
  pinging.close();
  replayed.close();
});
