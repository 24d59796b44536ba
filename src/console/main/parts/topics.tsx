import type { VNode } from "preact";
import { count } from "../../lib/format.ts";
import { href } from "../data/router.ts";

/** Where one listens; rooms and users lead to themselves. */
export const Topics = ({
  topics,
  total,
}: {
  readonly topics: readonly string[];
  readonly total: number;
}): VNode =>
  topics.length === 0 ? (
    <p class="dim">It listens to no topic.</p>
  ) : (
    <div class="stack tight">
      <ul class="chips">
        {topics.map((topic) => (
          <li key={topic}>
            <Topic topic={topic} />
          </li>
        ))}
      </ul>
      {total > topics.length ? <p class="dim">And {count(total - topics.length)} more.</p> : null}
    </div>
  );

/** A topic as a way to what it is about. */
export function Topic({ topic }: { readonly topic: string }): VNode {
  const to = placeOf(topic);
  return to === null ? (
    <code class="break">{topic}</code>
  ) : (
    <a href={to}>
      <code class="break">{topic}</code>
    </a>
  );
}

function placeOf(topic: string): string | null {
  if (!topic.includes(":")) return null;
  return topic.startsWith("user:") ? href("users", topic.slice("user:".length)) : href("rooms", topic);
}
