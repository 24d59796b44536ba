import type { DialectSettings } from "../core/endpoint.ts";
import type { Dialect, SocketEndpoint } from "../dialects/dialect.ts";
import { closesOf, closeTable } from "./closes.ts";
import { isAt, type Message, messagesOf, type Side } from "./message.ts";
import { pathOf } from "./operation.ts";
import { schemaWriter } from "./schema.ts";
import { SOCKET_SECURITY_SCHEMES } from "./security.ts";

export interface AsyncApiOptions {
  readonly dialects: readonly Dialect[];
  readonly settings: DialectSettings;
  readonly version: string;
}

const DESCRIPTION = [
  "The sockets of this server: five documented dialects and its own, over one core. What happens once is",
  "told to every listener in the dialect of its socket. Frames are JSON text; fields that a client does not",
  "know are to be passed over. What can be asked by HTTP is described by [OpenAPI](/openapi.json).",
  "",
  "- **Token**: `?token=`, `Authorization: Bearer`, or the subprotocol pair `bearer, <token>`.",
  "- **Resume**: with `?last_event_id=N` (0: everything kept, `latest`: from now) frames of durable events",
  "  have an `event_id`; what was missed comes first, then `resumed`, then what happens, without gap or",
  "  duplicate. Without the parameter frames are exactly as the dialect's document has them.",
  "- **Ends**: `x-closes` has the codes, why, whether to come back, and the remedy.",
].join("\n");

/** AsyncAPI 3.0 of every socket, without `servers`: who asks knows the address. Same input, same text. */
export function asyncapi({ dialects, settings, version }: AsyncApiOptions): object {
  const writer = schemaWriter("draft-7");
  const parts = dialects.map((dialect) => partOf(dialect, messagesOf(dialect, writer), settings));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Dragoman",
      version,
      description: DESCRIPTION,
      license: { name: "MIT" },
      tags: dialects.map(({ name, summary }) => ({ name, description: summary })),
      "x-closes": closeTable(dialects),
    },
    defaultContentType: "application/json",
    channels: Object.assign({}, ...parts.map(({ channels }) => channels)) as object,
    operations: Object.assign({}, ...parts.map(({ operations }) => operations)) as object,
    components: {
      messages: Object.assign({}, ...parts.map(({ messages }) => messages)) as object,
      securitySchemes: SOCKET_SECURITY_SCHEMES,
      schemas: writer.named(),
    },
  };
}

interface Part {
  readonly channels: Readonly<Record<string, object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly messages: Readonly<Record<string, object>>;
}

function partOf(dialect: Dialect, messages: readonly Message[], settings: DialectSettings): Part {
  const sockets = dialect.sockets.filter((at) => at.enabled?.(settings) !== false);
  return {
    channels: Object.fromEntries(
      sockets.map((at) => [channelKey(dialect, at), channelOf(dialect, at, messages)]),
    ),
    operations: Object.fromEntries(sockets.flatMap((at) => operationsOf(dialect, at, messages))),
    messages: Object.fromEntries(
      messages
        .filter((message) => sockets.some((at) => isAt(message, at)))
        .map(({ key, body }) => [key, body]),
    ),
  };
}

const channelKey = (dialect: Dialect, at: SocketEndpoint): string => `${dialect.name}.${at.name}`;

function channelOf(dialect: Dialect, at: SocketEndpoint, messages: readonly Message[]): object {
  const parameters = parametersOf(at);
  return {
    address: pathOf(at.path),
    title: `${dialect.name} ${at.name}`,
    summary: at.summary,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    messages: Object.fromEntries(
      messages
        .filter((message) => isAt(message, at))
        .map(({ key, local }) => [local, { $ref: `#/components/messages/${key}` }]),
    ),
    tags: [{ name: dialect.name }],
    bindings: { ws: { method: "GET", query: QUERY, headers: HEADERS, bindingVersion: "0.1.0" } },
    "x-dialect": dialect.name,
    "x-endpoint": at.name,
    "x-path": at.path,
    "x-proof": at.proof,
    "x-hears": { personal: at.personal, announcements: at.announcements },
    "x-handshake": dialect.handshake,
    "x-closes": closesOf(dialect, at),
  };
}

/** What each path parameter names. */
const PARAMETERS: Readonly<Record<string, { description: string; examples: readonly string[] }>> = {
  workspace_id: { description: "The workspace whose tasks are heard.", examples: ["789"] },
  session_id: { description: "The focus session.", examples: ["focus-123"] },
  user_id: { description: "The user; with a token it must be the token's.", examples: ["123456789"] },
};

const parametersOf = ({ path }: SocketEndpoint): Readonly<Record<string, object>> =>
  Object.fromEntries(
    [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => [name, PARAMETERS[name] ?? { description: name }]),
  );

const QUERY = {
  type: "object",
  properties: {
    token: { type: "string", description: "A token (JWT)." },
    ticket: { type: "string", description: "Instead of a token: 30 s, once. From POST /api/v1/tickets." },
    last_event_id: {
      description:
        "What was published after this event is told first: 0 for everything kept, latest for none.",
      anyOf: [
        { type: "integer", minimum: 0 },
        { type: "string", const: "latest" },
      ],
    },
  },
} as const;

const HEADERS = {
  type: "object",
  properties: {
    Authorization: { type: "string", description: "Bearer <token or service key>." },
    "X-API-Key": { type: "string", description: "A service key." },
    "Sec-WebSocket-Protocol": { type: "string", description: "bearer, <token>." },
    Origin: { type: "string", description: "Checked where CORS_ORIGINS is set." },
  },
} as const;

const SECURITY = Object.keys(SOCKET_SECURITY_SCHEMES).map((name) => ({
  $ref: `#/components/securitySchemes/${name}`,
}));

/** What goes which way: `receive` is what this server reads, `send` what it says. */
const ACTIONS = { client: "receive", server: "send" } as const satisfies Record<Side, string>;

const SUMMARIES = {
  client: "What clients say.",
  server: "What clients hear.",
} as const satisfies Record<Side, string>;

function operationsOf(
  dialect: Dialect,
  at: SocketEndpoint,
  messages: readonly Message[],
): readonly (readonly [string, object])[] {
  const channel = channelKey(dialect, at);
  return (["client", "server"] as const).flatMap((side) => {
    const carried = messages.filter((message) => message.side === side && isAt(message, at));
    if (carried.length === 0) return [];
    const operation = {
      action: ACTIONS[side],
      channel: { $ref: `#/channels/${channel}` },
      summary: SUMMARIES[side],
      ...(at.proof === "claimed" ? {} : { security: SECURITY }),
      messages: carried.map(({ local }) => ({ $ref: `#/channels/${channel}/messages/${local}` })),
    };
    return [[`${channel}.${ACTIONS[side]}`, operation] as const];
  });
}
