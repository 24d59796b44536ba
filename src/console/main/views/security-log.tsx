import type { VNode } from "preact";
import { SECURITY_KINDS } from "../../../core/security.ts";
import { Empty } from "../../lib/empty.tsx";
import { Search, Select } from "../../lib/field.tsx";
import { moment } from "../../lib/format.ts";
import type { Column } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useFilter } from "../data/filter.ts";
import { usePages } from "../data/resource.ts";
import { href } from "../data/router.ts";
import { useSettled } from "../data/settled.ts";
import type { SecurityEntry } from "../data/types.ts";
import { CloseCode, isByClient } from "../parts/closes.tsx";
import { Listing } from "../parts/listing.tsx";
import { Page } from "../parts/page.tsx";
import { SecurityDrawer } from "../parts/security-drawer.tsx";
import { SecurityKind } from "../parts/security-kind.tsx";

const EVERY_MS = 4000;

const COLUMNS: readonly Column<SecurityEntry>[] = [
  { name: "at", label: "Time", cell: ({ at }) => <time class="nowrap">{moment(at)}</time> },
  { name: "kind", label: "What", cell: ({ kind }) => <SecurityKind kind={kind} /> },
  {
    name: "user",
    label: "User",
    cell: ({ user_id }) =>
      user_id === null ? <span class="dim">–</span> : <a href={href("users", user_id)}>{user_id}</a>,
  },
  {
    name: "address",
    label: "Address",
    from: "wide",
    cell: ({ address }) => <code class="dim">{address ?? ""}</code>,
  },
  {
    name: "where",
    label: "Where",
    from: "wide",
    cell: ({ dialect, endpoint }) => (
      <span class="nowrap">{[dialect, endpoint].filter(Boolean).join(" · ")}</span>
    ),
  },
  {
    name: "cause",
    label: "Cause and remedy",
    fill: true,
    from: "middle",
    cell: ({ kind, close_code, cause, remedy, detail }) => (
      <div class="cause">
        <CloseCode code={close_code} cause={cause} />
        <span class="cut">
          {kind === "closed" && isByClient(cause) ? "by the client" : cause}
          <span class="dim"> {(isByClient(cause) ? null : remedy) ?? detail ?? ""}</span>
        </span>
      </div>
    ),
  },
];

export function SecurityLog(): VNode {
  const { api, router } = useApp();
  const commands = useCommands();
  const { id } = router.place.value;
  const [kind, setKind] = useFilter("kind");
  const [user, setUser] = useFilter("user");
  const user_id = useSettled(user.trim());
  const source = usePages(
    `security ${kind} ${user_id}`,
    (page, signal) => api.securityLog({ ...page, kind, user_id }, signal),
    { everyMs: EVERY_MS },
  );
  const opened = source.data?.find((entry) => String(entry.id) === id);
  return (
    <Page
      title="Security log"
      about="who came, who was refused, why sockets ended"
      tools={
        <>
          <Search label="User id, exactly" value={user} onValue={setUser} />
          <Select
            label="Kind"
            value={kind}
            onValue={setKind}
            options={[
              ["", "All kinds"],
              ...SECURITY_KINDS.map((name) => [name, name.replace("_", " ")] as const),
            ]}
          />
        </>
      }
    >
      <Listing
        label="Security log, newest first"
        columns={COLUMNS}
        source={source}
        rows={source.data}
        keyOf={(entry) => String(entry.id)}
        hrefOf={(entry) => router.to(entry.id)}
        below={({ cause, remedy, detail, endpoint }) =>
          [cause ?? endpoint, remedy ?? detail].filter(Boolean).join(" · ")
        }
        current={id ?? undefined}
        empty={
          kind === "" && user_id === "" ? (
            <Empty
              icon="security"
              title="Nothing is written down yet"
              command={commands?.server("tail channel:1")}
            >
              <p>Connections, refusals and closes show here a second after they happen.</p>
            </Empty>
          ) : (
            <p class="aside-pad dim">Nothing fits the filter.</p>
          )
        }
      />
      {opened === undefined ? null : (
        <SecurityDrawer entry={opened} onClose={() => router.go(router.to(null))} />
      )}
    </Page>
  );
}
