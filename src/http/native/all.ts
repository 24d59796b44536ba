import type { Endpoint } from "../../core/endpoint.ts";
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
  ...ADMIN_ENDPOINTS,
];
