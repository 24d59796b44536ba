import type { HeardEvent } from "./events.ts";

/** A command with the proof in a variable, so that it can be shown to others. */
export interface CurlCommand {
  readonly title: string;
  readonly command: string;
}

const PROOF = '-H "Authorization: Bearer $DRAGOMAN_TOKEN"';

/** In single quotes, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const posting = (url: string, path: string, body: unknown): string =>
  [
    `curl -X POST ${quoted(`${url}/api/v1${path}`)} \\`,
    `  ${PROOF} -H "Content-Type: application/json" \\`,
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join("\n");

/** To hear an event again out of the log, and, where there is a way, to bring about one like it. */
export function curlsOf(event: HeardEvent, url: string): readonly CurlCommand[] {
  const again = againOf(event, url);
  const alike = alikeOf(event, url);
  return [
    ...(alike === null ? [] : [{ title: "One like it", command: alike }]),
    { title: event.event_id === undefined ? "What comes next there" : "This one again", command: again },
  ];
}

function againOf({ topic, event_id }: HeardEvent, url: string): string {
  const topics = encodeURIComponent(topic === "user" ? "*" : topic);
  if (event_id === undefined)
    return [`curl -N ${quoted(`${url}/api/v1/events?topics=${topics}`)} \\`, `  ${PROOF}`].join("\n");
  return [
    `curl ${quoted(`${url}/api/v1/events?topics=${topics}&after=${event_id - 1}&wait=0`)} \\`,
    `  ${PROOF} -H "Accept: application/json"`,
  ].join("\n");
}

function alikeOf({ kind, topic, data }: HeardEvent, url: string): string | null {
  switch (kind) {
    case "message.created":
      return posting(url, `/rooms/${encodeURIComponent(topic)}/messages`, {
        content: data.content,
        metadata: data.metadata,
      });
    case "notification.created":
      return topic.startsWith("user:")
        ? posting(url, `/notify/users/${encodeURIComponent(topic.slice(5))}`, noticeOf(data))
        : null;
    case "announcement.created":
      return posting(url, "/notify/broadcast", noticeOf(data));
    case "task.created":
    case "task.updated":
    case "task.completed":
    case "task.deleted":
      return posting(url, "/realtime/events/task", {
        task_id: data.task_id,
        title: data.title,
        action: data.action,
        target_user_ids: [],
        ...workspaceOf(data.task),
      });
    default:
      return null;
  }
}

const noticeOf = ({ title, content, level, data, link, priority }: HeardEvent["data"]): object => ({
  message: content,
  title,
  level,
  ...(isEmpty(data) ? {} : { data }),
  ...(link === null ? {} : { link }),
  ...(priority === "normal" ? {} : { priority }),
});

const isEmpty = (value: unknown): boolean =>
  typeof value !== "object" || value === null || Object.keys(value).length === 0;

const workspaceOf = (task: unknown): object => {
  const id = (task as { readonly workspace_id?: string | number | null } | undefined)?.workspace_id;
  return id === undefined || id === null ? {} : { workspace_id: id };
};
