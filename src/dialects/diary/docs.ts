/** What the documentation says of each frame. Source of the examples: document 003. */
import type { DocsOf } from "../dialect.ts";
import type { frames } from "./frames.ts";

export const docs = {
  client: {},
  server: {
    message: {
      summary: "An announcement; on a socket with the user's own token his notifications, too.",
      tells: ["notification.created", "announcement.created"],
      examples: [{ message: "Server maintenance scheduled for tomorrow" }],
    },
  },
} as const satisfies DocsOf<typeof frames>;
