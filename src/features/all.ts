import type { CommandName } from "../core/command.ts";
import { admin } from "./admin.ts";
import { announcements } from "./announcements.ts";
import { credentials } from "./credentials.ts";
import type { Feature } from "./feature.ts";
import { focus } from "./focus.ts";
import { inbox } from "./inbox.ts";
import { messages } from "./messages.ts";
import { rooms } from "./rooms.ts";
import { securityLog } from "./security-log.ts";
import { tasks } from "./tasks.ts";
import { workspaces } from "./workspaces.ts";

/** What the hub does itself, because it changes the socket. */
export type HubCommandName = "room.join" | "room.leave" | "token.refresh";
export type FeatureCommandName = Exclude<CommandName, HubCommandName>;

/** Every command that a feature answers; a command without a handler does not compile. */
export const FEATURES: Feature<FeatureCommandName> = {
  ...messages,
  ...announcements,
  ...inbox,
  ...tasks,
  ...workspaces,
  ...rooms,
  ...focus,
  ...securityLog,
  ...admin,
  ...credentials,
};
