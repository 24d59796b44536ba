import { prepareFocusOps } from "./focus.ts";
import { prepareIdentityOps } from "./identities.ts";
import { prepareInboxOps } from "./inbox.ts";
import { prepareMemberOps } from "./members.ts";
import { prepareMessageOps } from "./messages.ts";
import { prepareNotificationOps } from "./notifications.ts";
import type { OpTable, PrepareOps } from "./op.ts";
import { prepareScheduleOps } from "./schedule.ts";
import { prepareSecurityOps } from "./security.ts";
import { prepareTaskLifeOps } from "./task-life.ts";
import { prepareTaskOps } from "./tasks.ts";
import { prepareWorkspaceOps } from "./workspaces.ts";
import type { OpName } from "../../store.ts";

export const prepareOps: PrepareOps<OpName> = (db, append): OpTable => ({
  ...prepareNotificationOps(db, append),
  ...prepareInboxOps(db, append),
  ...prepareScheduleOps(db, append),
  ...prepareTaskOps(db, append),
  ...prepareTaskLifeOps(db, append),
  ...prepareMessageOps(db, append),
  ...prepareFocusOps(db, append),
  ...prepareWorkspaceOps(db, append),
  ...prepareMemberOps(db, append),
  ...prepareIdentityOps(db, append),
  ...prepareSecurityOps(db, append),
});
