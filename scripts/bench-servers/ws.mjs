/** A server on `ws` as its users write it: rooms in a Map, JSON in and out, one send a listener. Runs on Node. */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const rooms = new Map();
const server = createServer((request, response) => {
  const topic = request.url.slice("/tell/".length);
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const { message } = JSON.parse(body);
    tell(topic, { type: "notification", data: { content: message } });
    response.writeHead(204).end();
  });
});
const sockets = new WebSocketServer({ server });

function tell(room, frame) {
  const text = JSON.stringify(frame);
  for (const socket of rooms.get(room) ?? []) socket.send(text);
}

function join(socket, room) {
  if (!rooms.has(room)) rooms.set(room, new Set());
  rooms.get(room).add(socket);
  socket.on("close", () => rooms.get(room).delete(socket));
}

sockets.on("connection", (socket, request) => {
  if (request.url.startsWith("/user/")) join(socket, request.url.slice(1));
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type === "join") join(socket, frame.room);
    else if (frame.type === "ping") socket.send(JSON.stringify({ type: "pong" }));
    else if (frame.type === "message") tell(frame.room, frame);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log(`listening ${process.argv[2]}`));
