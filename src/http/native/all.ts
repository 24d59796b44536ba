import type { Endpoint } from "../../core/endpoint.ts";
import { CONNECTION_ENDPOINTS } from "./admin-connections.ts";
import { KEY_ENDPOINTS } from "./admin-keys.ts";
import { PEOPLE_ENDPOINTS } from "./admin-people.ts";
import { SERVER_ENDPOINTS } from "./admin-server.ts";
import { ADMIN_ENDPOINTS } from "./admin.ts";
import { FOCUS_ENDPOINTS } from "./focus.ts";
import { INBOX_ENDPOINTS } from "./inbox.ts";
import { NOTIFY_ENDPOINTS } from "./notify.ts";
import { PRESENCE_ENDPOINTS } from "./presence.ts";
import { ROOM_ENDPOINTS } from "./rooms.ts";
import { TASK_ENDPOINTS } from "./tasks.ts";
import { WORKSPACE_ENDPOINTS } from "./workspaces.ts";

/** The native HTTP of Dragoman itself. */
export const NATIVE_ENDPOINTS: readonly Endpoint[] = [
  ...NOTIFY_ENDPOINTS,
  ...INBOX_ENDPOINTS,
  ...PRESENCE_ENDPOINTS,
  ...WORKSPACE_ENDPOINTS,
  ...ROOM_ENDPOINTS,
  ...TASK_ENDPOINTS,
  ...FOCUS_ENDPOINTS,
  ...SERVER_ENDPOINTS,
  ...CONNECTION_ENDPOINTS,
  ...PEOPLE_ENDPOINTS,
  ...KEY_ENDPOINTS,
  ...ADMIN_ENDPOINTS,
];
