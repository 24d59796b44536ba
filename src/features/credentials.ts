import { isRefusal, refuse } from "../core/errors.ts";
import type { OpValue } from "../store/store.ts";
import { defineFeature, write } from "./feature.ts";

/** Service keys and tokens, handed out by admins and keys. What is secret is told once and kept nowhere. */
export const credentials = defineFeature({
  "key.list": {
    privileged: true,
    run: async (_, { store }) => ({ reply: { items: [...(await store.keys())].toReversed() } }),
  },

  "key.create": {
    privileged: true,
    run({ name }, { oversight, who, address }) {
      const { id, key, hash } = oversight.office.newKey();
      return {
        // The id is the note: a repetition finds the first one's, and this key was never stored.
        write: { op: "key.create", args: { id, name, hash }, note: id },
        settle({ value, note }) {
          if (isRefusal(value)) return value;
          if (note !== id)
            return refuse("CONFLICT", `Key ${String(note)} was made by this request before. ${SHOWN_ONCE}`);
          oversight.noteAct({ who, address, name: "key.create", detail: `key ${id} (${name})` });
          return { id, name, key, created_at: (value as OpValue<"key.create">).created_at };
        },
      };
    },
  },

  /** Revoked once more it stays so. */
  "key.revoke": {
    privileged: true,
    async run({ id }, { store, oversight, who, address }) {
      const keys = await store.keys();
      const known = keys.find((key) => key.id === id);
      if (known === undefined)
        return refuse("NOT_FOUND", "There is no such key; see GET /api/v1/admin/keys.");
      const { name } = known;
      return write("key.revoke", { id }, ({ revoked }) => {
        if (!revoked) return {};
        oversight.keyEnded(id);
        oversight.noteAct({ who, address, name: "key.revoke", detail: `key ${id} (${name})` });
        return {};
      });
    },
  },

  "token.create": {
    privileged: true,
    async run(order, { oversight, who, address }) {
      const reply = await oversight.office.mint(order);
      if (isRefusal(reply)) return reply;
      const detail = `for user ${order.user_id}${order.admin === true ? ", admin" : ""}, until ${reply.expires_at}`;
      oversight.noteAct({ who, address, name: "token.create", detail });
      return { reply };
    },
  },
});

const SHOWN_ONCE = "It is shown once only: revoke it and make another, with a fresh Idempotency-Key.";
