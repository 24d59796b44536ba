import type { VNode } from "preact";
import { Failed } from "../../lib/empty.tsx";
import { moment } from "../../lib/format.ts";
import { useApp } from "../app.ts";
import { useResource } from "../data/resource.ts";
import { href } from "../data/router.ts";
import type { Id, SecurityEntry } from "../data/types.ts";

const SHOWN = 20;
const EVERY_MS = 2000;

/** How a user's connections ended, with cause and remedy, newest first. */
export function Closes({ userId }: { readonly userId: Id | null }): VNode {
  const { api } = useApp();
  const { data, error, reload } = useResource(
    `closes ${userId}`,
    (signal) =>
      userId === null
        ? Promise.resolve({ items: [], next: null })
        : api.securityLog({ user_id: userId, kind: "closed", limit: SHOWN }, signal),
    { everyMs: EVERY_MS },
  );
  if (userId === null) return <p class="dim">The security log names users with a proof only.</p>;
  if (data === null)
    return error === null ? <p class="dim">Loading…</p> : <Failed what={error.message} onAgain={reload} />;
  if (data.items.length === 0) return <p class="dim">None of this user's connections has ended yet.</p>;
  return (
    <div class="stack tight">
      <ul class="entries">
        {data.items.map((entry) => (
          <Close key={entry.id} entry={entry} />
        ))}
      </ul>
      <p>
        <a href={href("security", null, { user: userId })}>All of this user in the security log</a>
      </p>
    </div>
  );
}

const Close = ({
  entry: { at, close_code, cause, remedy, dialect, endpoint, detail },
}: {
  readonly entry: SecurityEntry;
}): VNode => (
  <li>
    <p class="row wrap">
      <CloseCode code={close_code} cause={cause} />
      <span>{isByClient(cause) ? "by the client" : cause}</span>
      <span class="dim small">
        {moment(at)} · {[dialect, endpoint].filter(Boolean).join(" ")}
      </span>
    </p>
    {remedy === null || cause === "client" ? null : <p class="dim">{remedy}</p>}
    {detail === null ? null : <p class="dim break">{detail}</p>}
  </li>
);

/** It was the client's own wish, or its network's. */
export const isByClient = (cause: string | null): boolean => cause === null || cause === "client";

/** Those that the client could not help are told apart from its own end. */
export const CloseCode = ({
  code,
  cause,
}: {
  readonly code: number | null;
  readonly cause: string | null;
}): VNode | null =>
  code === null ? null : <span class={isByClient(cause) ? "pill" : "pill warn"}>{code}</span>;
