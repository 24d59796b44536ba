/**
 * What runs in another runtime: hears a room, says something there, and prints what it saw as JSON.
 * Arguments: the client's file, the server, a token, and the module of a WebSocket class or nothing.
 */
const [file, url, token, socketModule] = process.argv.slice(2);
const { createClient } = await import(file);
const WebSocket = socketModule === undefined ? undefined : (await import(socketModule)).default;
const client = createClient({ url, token, WebSocket });
const room = client.subscribe("channel:1", { since: 0, kinds: ["message.created"] });
await room.ready;
const { message_id } = await client.publish("channel:1", "from another runtime");
const told = [];
for await (const { data } of room) {
  told.push(data.content);
  if (data.message_id === message_id) break;
}
console.log(
  JSON.stringify({ transport: client.transport, told, lastEventId: client.lastEventId, message_id }),
);
client.close();
