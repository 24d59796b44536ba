import type { VNode } from "preact";
import { Drawer } from "../../lib/dialog.tsx";
import { Note } from "../../lib/empty.tsx";
import { moment } from "../../lib/format.ts";
import { href } from "../data/router.ts";
import type { SecurityEntry } from "../data/types.ts";
import { isByClient } from "./closes.tsx";
import { SecurityKind } from "./security-kind.tsx";

/** One line of the security log in full. */
export const SecurityDrawer = ({
  entry,
  onClose,
}: {
  readonly entry: SecurityEntry;
  readonly onClose: () => void;
}): VNode => (
  <Drawer title={`Entry ${entry.id}`} onClose={onClose}>
    <dl class="facts">
      <dt>What</dt>
      <dd>
        <SecurityKind kind={entry.kind} />
      </dd>
      <dt>At</dt>
      <dd>{moment(entry.at)}</dd>
      <dt>User</dt>
      <dd>
        {entry.user_id === null ? (
          "nobody with a proof"
        ) : (
          <a href={href("users", entry.user_id)}>{entry.user_id}</a>
        )}
      </dd>
      <dt>Address</dt>
      <dd>
        <code>{entry.address ?? "unknown"}</code>
      </dd>
      <dt>Where</dt>
      <dd>{[entry.dialect, entry.endpoint].filter(Boolean).join(" · ") || "–"}</dd>
      {entry.close_code === null ? null : (
        <>
          <dt>Close code</dt>
          <dd>{entry.close_code}</dd>
        </>
      )}
      <dt>Cause</dt>
      <dd>
        {entry.kind === "closed" && isByClient(entry.cause) ? "the client ended it" : (entry.cause ?? "–")}
      </dd>
      {entry.detail === null ? null : (
        <>
          <dt>Detail</dt>
          <dd>{entry.detail}</dd>
        </>
      )}
    </dl>
    {entry.remedy === null ? null : (
      <Note kind="warn">
        <p>
          <strong>Remedy.</strong> {entry.remedy}
        </p>
      </Note>
    )}
  </Drawer>
);
