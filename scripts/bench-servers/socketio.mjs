/** A server on Socket.IO as its users write it. Runs on Node. */
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer((request, response) => {
  if (!request.url.startsWith("/tell/")) return;
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    io.to(request.url.slice("/tell/".length)).emit("notification", JSON.parse(body));
    response.writeHead(204).end();
  });
});
const io = new Server(server, { transports: ["websocket"] });

io.on("connection", (socket) => {
  const { user } = socket.handshake.query;
  if (user !== undefined) void socket.join(`user/${String(user)}`);
  socket.on("join", (room) => void socket.join(room));
  socket.on("ask", () => socket.emit("answer"));
  socket.on("message", (message) => io.to(message.room).emit("message", message));
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log(`listening ${process.argv[2]}`));
