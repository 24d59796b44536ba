import { remedyOf, type SecurityView, type StoredSecurityEntry } from "../core/security.ts";
import { defineFeature } from "./feature.ts";

/** Who came, who was refused, and why sockets ended: for admins and keys. */
export const securityLog = defineFeature({
  "security.list": {
    privileged: true,
    async run(page, { store }) {
      const { items, next } = await store.securityLog(page);
      return { reply: { items: items.map(withRemedy), next } };
    },
  },
});

const withRemedy = (entry: StoredSecurityEntry): SecurityView => ({
  ...entry,
  remedy: remedyOf(entry.cause),
});
