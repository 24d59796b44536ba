/**
 * Who may ask what over HTTP, and what nobody is told. The operations come from the server's own
 * table: one without a row below fails.
 */
import { describe, expect, test } from "bun:test";
import { type Operation, operationsOf, type Request, requestsOf, sent } from "../contract/operations.ts";
import type { Document } from "../contract/schemas.ts";
import { type Asker, http } from "../support/http.ts";
import type { StartedServer } from "../support/server.ts";
import {
  ADMIN,
  FORMER,
  type Kind,
  MEMBER,
  overheard,
  OWNER,
  type Phase,
  startQuietScene,
  STRANGER,
} from "./isolation-scene.ts";

/** In this order; the first three must leave everything as it was. */
const OUTSIDE = { nobody: "nobody", stranger: STRANGER, former: FORMER } as const;
const ALLOWED = { member: MEMBER, admin: ADMIN, key: "key" } as const;

/** By operation: nobody, stranger, former member; member, admin, service key. */
const STATUSES: Readonly<Record<string, string>> = {
  archiveWorkspace: "401 404 404 403 200 200",
  closeConnection: "401 403 403 403 404 404",
  completeTask: "401 404 404 200 200 200",
  countUnreadNotifications: "401 200 200 200 200 400",
  createFocusSession: "401 404 404 201 201 201",
  createKey: "401 403 403 403 201 201",
  createTask: "401 404 404 201 201 201",
  createTicket: "401 201 201 201 201 201",
  createToken: "401 403 403 403 201 201",
  createWorkspace: "401 201 409 201 201 201",
  deleteMessage: "401 404 404 403 204 204",
  deleteNotification: "401 404 404 404 404 400",
  deleteTask: "401 404 404 204 204 204",
  disconnectUser: "401 403 403 403 200 200",
  editMessage: "401 404 404 403 200 200",
  getAsyncApi: "200 200 200 200 200 200",
  getConnection: "401 403 403 403 404 404",
  getDiaryStatus: "401 200 200 200 200 200",
  getFocusSession: "401 404 404 200 200 200",
  getHealth: "200 200 200 200 200 200",
  getMetrics: "200 200 200 200 200 200",
  getOpenApi: "200 200 200 200 200 200",
  getReadiness: "200 200 200 200 200 200",
  getStats: "401 403 403 403 200 200",
  getTask: "401 404 404 200 200 200",
  getUser: "401 403 403 403 200 200",
  getWhoami: "401 200 200 200 200 200",
  getWorkspace: "401 404 404 200 200 200",
  isUserConnected: "401 200 200 200 200 200",
  listConnectedUsers: "401 200 200 200 200 200",
  listConnections: "401 403 403 403 200 200",
  listFocusSessions: "401 200 200 200 200 200",
  listKeys: "401 403 403 403 200 200",
  listMessages: "401 403 403 200 200 200",
  listNotifications: "401 200 200 200 200 400",
  listNotificationsOfUser: "401 403 403 403 200 200",
  listRooms: "401 200 200 200 200 200",
  listSecurityLog: "401 403 403 403 200 200",
  listSettings: "401 403 403 403 200 200",
  listTasks: "401 404 404 200 200 200",
  listUsers: "401 403 403 403 200 200",
  listUsersInRoom: "401 403 403 200 200 200",
  listWorkspaceMembers: "401 404 404 200 200 200",
  listWorkspaces: "401 200 200 200 200 200",
  listenToEvents: "401 403 403 200 200 200",
  notifyEveryone: "401 403 403 403 200 200",
  notifyRoom: "401 403 403 403 200 200",
  notifyUser: "401 403 403 403 200 200",
  putFocusParticipant: "401 404 404 403 204 204",
  putRoom: "401 404 404 403 200 200",
  putRoomMember: "401 404 404 403 204 204",
  putWorkspaceMember: "401 404 404 403 204 204",
  readAllNotifications: "401 200 200 200 200 400",
  readNotification: "401 404 404 404 404 400",
  removeFocusParticipant: "401 404 404 403 404 404",
  removeRoomMember: "401 404 404 403 404 404",
  removeWorkspaceMember: "401 404 404 403 404 404",
  revokeKey: "401 403 403 403 404 404",
  sendDiaryNotification: "401 401 401 401 404 404",
  sendMessage: "401 403 403 201 201 201",
  sendSystemEvent: "401 403 403 403 202 202",
  sendTaskEvent: "401 403 403 202 202 202",
  sendWorkspaceEvent: "401 403 403 202 202 202",
  signIntoConsole: "401 401 401 401 401 401",
  surveyRooms: "401 403 403 403 200 200",
  updateFocusSession: "401 404 404 200 200 200",
  updateTask: "401 404 404 200 200 200",
  updateWorkspace: "401 404 404 403 200 200",
  watchConnection: "401 403 403 403 404 404",
};

const PUBLIC: readonly Kind[] = ["own", "free", "everyone"];
/** Told to each member by himself: it stays in his inbox. */
const TOLD_TO_HIM: readonly Kind[] = ["members", "notices"];

const mayKnow: Readonly<Record<string, (kind: Kind, phase: Phase) => boolean>> = {
  nobody: () => false,
  stranger: (kind) => PUBLIC.includes(kind),
  former: (kind, phase) => PUBLIC.includes(kind) || (TOLD_TO_HIM.includes(kind) && phase !== "after"),
  member: (kind) => kind !== "owner",
  admin: () => true,
  key: () => true,
};

const document = await (async (): Promise<Document> => {
  await using server = await startQuietScene();
  return (await http(server).get("/openapi.json")).body as Document;
})();

/** Ids that are new with each server. */
interface Ids {
  readonly message: string;
  readonly notification: string;
}

async function idsIn(server: StartedServer): Promise<Ids> {
  interface Item {
    readonly id: number;
    readonly content: string;
  }
  const idOf = async (path: string, content: string): Promise<string> => {
    const { items } = (await http(server, OWNER).get(path)).body as { items: Item[] };
    return String(items.find((item) => item.content.includes(content))?.id);
  };
  return {
    message: await idOf("/api/v1/rooms/channel:9/messages", "s3cret:channel"),
    notification: await idOf("/api/v1/notifications", "s3cret:owner"),
  };
}

/** The owner's, wherever an address names something. */
function paramOf(path: string, name: string, ids: Ids): string {
  if (name === "room") return "channel:9";
  if (name === "user_id") return String(FORMER.id);
  const places: Readonly<Record<string, string>> = {
    messages: ids.message,
    notifications: ids.notification,
    workspaces: "789",
    tasks: "456",
    "focus-sessions": "focus-123",
    users: String(OWNER.id),
  };
  const place = path.split("/{")[0]?.split("/").at(-1) ?? "";
  return places[place] ?? "1";
}

const requestOf = (operation: Operation, ids: Ids): Request => {
  const [request = { name: "", params: {}, query: {}, headers: {}, body: undefined, answer: undefined }] =
    requestsOf(operation);
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const params = Object.fromEntries(names.map((name) => [name, paramOf(operation.path, name, ids)]));
  const query =
    operation.operationId === "listenToEvents" ? { topics: "channel:9", after: "0", wait: "0" } : {};
  return { ...request, params, query, headers: {} };
};

/** Everything of the workspace, its people and the server, as an admin sees it. */
async function snapshot(server: StartedServer): Promise<string> {
  const { get } = http(server, ADMIN);
  const pages = [
    "/workspaces/789",
    "/workspaces/789/members",
    "/workspaces/789/tasks",
    "/tasks/456",
    "/rooms/channel:9/messages",
    "/focus-sessions/focus-123",
    "/admin/users/101/notifications",
    "/admin/users/102/notifications",
    "/admin/keys",
    "/admin/rooms",
  ];
  const bodies = await Promise.all(pages.map(async (page) => (await get(`/api/v1${page}`)).body));
  return JSON.stringify(bodies, null, 1);
}

async function ask(server: StartedServer, operation: Operation, role: string, asker: Asker): Promise<number> {
  const answer = await sent(server, asker, operation, requestOf(operation, await idsIn(server)));
  const ownId = typeof asker === "string" ? "" : String(asker.id);
  const leaks = overheard(JSON.stringify(answer.body ?? null), ownId).filter(
    ({ kind, phase }) => mayKnow[role]?.(kind, phase) !== true,
  );
  expect([role, answer.status, leaks]).toEqual([role, answer.status, []]);
  return answer.status;
}

describe("who may ask what, and is told what", () => {
  test.each(operationsOf(document).map((one) => [`${one.method} ${one.path}`, one] as const))(
    "%s",
    async (_name, operation) => {
      const statuses: number[] = [];
      await using outside = await startQuietScene();
      const before = await snapshot(outside);
      for (const [role, asker] of Object.entries(OUTSIDE)) {
        statuses.push(await ask(outside, operation, role, asker));
        expect([role, await snapshot(outside)]).toEqual([role, before]);
      }
      for (const [role, asker] of Object.entries(ALLOWED)) {
        if (operation.method === "GET") statuses.push(await ask(outside, operation, role, asker));
        else {
          await using server = await startQuietScene();
          statuses.push(await ask(server, operation, role, asker));
        }
      }
      expect({ [operation.operationId]: statuses.join(" ") }).toEqual({
        [operation.operationId]: STATUSES[operation.operationId] ?? "say who may, in STATUSES",
      });
    },
  );
});

test("lists hold nothing of what one is not in", async () => {
  await using server = await startQuietScene();
  for (const asker of [STRANGER, FORMER]) {
    for (const list of ["workspaces", "rooms", "focus-sessions"]) {
      const { body } = await http(server, asker).get(`/api/v1/${list}`);
      expect([list, body]).toEqual([list, { items: [], next: null }]);
    }
  }
});

test("long-polls and streams: nobody hears a topic that is closed to him, nor another's own", async () => {
  await using server = await startQuietScene();
  const topics = [
    "workspace:789",
    "channel:9",
    "task:456",
    "focus:focus-123",
    `user:${OWNER.id}`,
    "*",
    "everyone",
  ];
  for (const asker of [STRANGER, FORMER]) {
    for (const topic of topics) {
      for (const accept of ["application/json", "text/event-stream"]) {
        const path = `/api/v1/events?topics=${topic}&after=0&last_event_id=0&wait=0`;
        const { status } = await http(server, asker).fetch("GET", path, undefined, { accept });
        // Nothing is so called: another's `everyone` is a free room.
        expect([topic, accept, status === 403 || topic === "everyone"]).toEqual([topic, accept, true]);
      }
    }
  }
  const polled = await http(server, MEMBER).get("/api/v1/events?topics=everyone,room:lobby&after=0&wait=0", {
    accept: "application/json",
  });
  const heard = overheard(JSON.stringify(polled.body), String(MEMBER.id)).map(({ kind }) => kind);
  expect(heard.filter((kind) => kind !== "free")).toEqual([]);
});
