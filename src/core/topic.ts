import { isIdText } from "./ids.ts";

/** What a topic can be about. `room` holds the free rooms; `everyone` has no id. */
export const TOPIC_TYPES = ["user", "workspace", "channel", "task", "focus", "room"] as const;
export type TopicType = (typeof TOPIC_TYPES)[number];

/** The canonical address of what is listened to, whatever a dialect calls it. */
export type Topic = `${TopicType}:${string}` | "everyone";

/** Announcements and user broadcasts: every socket that hears them has this topic. */
export const EVERYONE = "everyone" satisfies Topic;

const TYPES = new Set<string>(TOPIC_TYPES);

export const topicOf = (type: TopicType, id: string): Topic => `${type}:${id}`;
export const userTopic = (userId: string): Topic => `user:${userId}`;
export const workspaceTopic = (workspaceId: string): Topic => `workspace:${workspaceId}`;
export const taskTopic = (taskId: string): Topic => `task:${taskId}`;
export const focusTopic = (sessionId: string): Topic => `focus:${sessionId}`;

export function typeOf(topic: Topic): TopicType | "everyone" {
  const colon = topic.indexOf(":");
  return colon < 0 ? "everyone" : (topic.slice(0, colon) as TopicType);
}

/** The part behind the first colon; empty for `everyone`. */
export const idOf = (topic: Topic): string => (topic === EVERYONE ? "" : topic.slice(topic.indexOf(":") + 1));

/** Reads the canonical spelling only; null where it is not one. */
export function parseTopic(text: string): Topic | null {
  const colon = text.indexOf(":");
  if (colon < 1 || !isIdText(text)) return null;
  const type = text.slice(0, colon);
  return TYPES.has(type) && colon + 1 < text.length ? (text as Topic) : null;
}

/** Types that the other spellings name; `project` is the workspace's name in two dialects. */
const ALIASES: Readonly<Record<string, TopicType>> = {
  project: "workspace",
  workspace: "workspace",
  user: "user",
  channel: "channel",
  task: "task",
};

/**
 * Reads a room in any dialect's spelling: `project:789`, `project_789` and `workspace:789` are
 * one topic, likewise always. `focus:s` and `room:name` are canonical; every other text is the
 * free room of that name. Null where the text is no name (1–128 characters, no controls).
 */
export function parseRoom(text: string): Topic | null {
  if (!isIdText(text)) return null;
  return parseKnownRoom(text) ?? parseTopic(text) ?? topicOf("room", text);
}

/** `project:789`, `project_789` and their like; null for anything else. */
export function parseKnownRoom(text: string): Topic | null {
  const match = /^(project|workspace|user|channel|task)[:_](.+)$/s.exec(text);
  if (match === null || !isIdText(text)) return null;
  const type = ALIASES[match[1] as string];
  return type === undefined ? null : topicOf(type, match[2] as string);
}
