import { sql } from "drizzle-orm";
import { securityLog } from "../schema.ts";
import { prepareRun } from "../statement.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareSecurityOps: PrepareOps<"security.add"> = (db) => {
  const insert = prepareRun(
    db,
    db.insert(securityLog).values({
      at: p("at"),
      kind: p("kind"),
      userId: p("userId"),
      address: p("address"),
      dialect: p("dialect"),
      endpoint: p("endpoint"),
      closeCode: p("closeCode"),
      cause: p("cause"),
      detail: p("detail"),
    }),
  );

  return {
    "security.add": (_tx, { entries }) => {
      for (const { at, user_id, close_code, ...entry } of entries)
        insert({ ...entry, at: Date.parse(at), userId: user_id, closeCode: close_code });
      return {};
    },
  };
};
