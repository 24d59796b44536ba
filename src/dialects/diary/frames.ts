/**
 * What `diary` sends, and the bodies of its two endpoints; it reads no frames. Keys in the
 * documented order. Source: WebSocket Integration Guide of the Diary application (seed 003).
 */
import { z } from "zod";

/** Source: Send Notification, What gets sent to WebSocket clients. */
export const messageFrame = z.object({ message: z.string() });
export type MessageFrame = z.infer<typeof messageFrame>;

export const frames = { client: {}, server: { message: messageFrame } } as const;

/** Source: Send Notification. */
export const notificationBody = z.object({ message: z.string().min(1).max(10_000) });
export type NotificationBody = z.infer<typeof notificationBody>;

/** `sent_count` counts distinct users, `total_connections` sockets. Source: Send Notification, Response. */
export const notificationAnswer = z.object({
  status: z.literal("success").meta({ description: "It was told." }),
  message: z.string().meta({ description: "The same for people." }),
  sent_count: z.int().meta({ description: "Users who were told, each once." }),
  total_connections: z.int().meta({ description: "Sockets that were told." }),
  disconnected_users: z.int().meta({ description: "Always 0: whoever left is not counted." }),
});
export type NotificationAnswer = z.infer<typeof notificationAnswer>;

/** Source: WebSocket Status Endpoint. */
export const statusAnswer = z.object({
  connected_users: z.int().meta({ description: "Users with a connection, each once." }),
  status: z.literal("active").meta({ description: "The service answers." }),
  active_user_ids: z.array(z.string()).meta({ description: "Ids of connected users, claimed ones too." }),
});
export type StatusAnswer = z.infer<typeof statusAnswer>;
