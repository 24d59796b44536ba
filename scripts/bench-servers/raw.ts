/**
 * The limit: Bun's own WebSockets and topics, doing nothing but forwarding. Whoever opens /room/<name>
 * has what he sends told to everybody there; /echo answers; POST /tell/<topic> tells its body.
 */
interface Place {
  readonly room: string | null;
  /** Is told something at once, as one who resumes is. */
  readonly greeted: boolean;
}

const server = Bun.serve<Place>({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  async fetch(request, server) {
    const { pathname, search } = new URL(request.url);
    if (request.method === "POST") {
      server.publish(pathname.slice("/tell/".length), await request.text());
      return new Response(null, { status: 204 });
    }
    const room = pathname.startsWith("/room/") ? pathname.slice("/room/".length) : null;
    return server.upgrade(request, { data: { room, greeted: search === "?greet" } })
      ? undefined
      : new Response(null, { status: 400 });
  },
  websocket: {
    open(socket) {
      if (socket.data.room !== null) socket.subscribe(socket.data.room);
      if (socket.data.greeted) socket.send(`{"type":"resumed","data":{"recovered":true,"last_event_id":0}}`);
    },
    message(socket, frame) {
      if (socket.data.room === null) socket.send(frame);
      else server.publish(socket.data.room, frame);
    },
  },
});
console.log(`listening ${server.port}`);
