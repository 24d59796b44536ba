import type { VNode } from "preact";
import { bytes, count, moment } from "../../lib/format.ts";
import { href } from "../data/router.ts";
import type { Stats, Warning } from "../data/types.ts";

export function ByDialect({ stats }: { readonly stats: Stats }): VNode {
  const rows = Object.entries(stats.by_dialect).toSorted(([, one], [, other]) => other - one);
  const most = Math.max(1, ...rows.map(([, number]) => number));
  return (
    <section class="card">
      <header>
        <h2>By dialect</h2>
      </header>
      <table class="table plain" aria-label="Connections by dialect">
        <thead class="spoken">
          <tr>
            <th scope="col">Dialect</th>
            <th scope="col">Connections</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([dialect, number]) => (
            <tr key={dialect}>
              <th scope="row">
                <a class="opens" href={href("connections", null, { dialect })}>
                  {dialect}
                </a>
              </th>
              <td class="fill">
                <span class="meter">
                  <i style={{ width: `${(number / most) * 100}%` }} />
                </span>
              </td>
              <td class="end">{count(number)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const WARNINGS_SHOWN = 8;

export const Warnings = ({ warnings }: { readonly warnings: readonly Warning[] }): VNode => (
  <section class="card">
    <header>
      <h2 class="grow">Warnings</h2>
      <span class="dim small">{warnings.length === 0 ? "" : `last ${warnings.length}`}</span>
    </header>
    {warnings.length === 0 ? (
      <p class="inside dim">None since the start.</p>
    ) : (
      <ul class="warnings">
        {newest(warnings).map(({ at, level, code, message }, place) => (
          <li key={`${at} ${code} ${place}`}>
            <span class={`pill ${level === "error" ? "bad" : "warn"}`}>{level}</span>
            <span class="grow">
              <code class="break">{code}</code>
              <span class="dim small"> {moment(at)}</span>
              <br />
              <span class="break">{message}</span>
            </span>
          </li>
        ))}
      </ul>
    )}
  </section>
);

const newest = (warnings: readonly Warning[]): readonly Warning[] =>
  warnings.toSorted((one, other) => other.at.localeCompare(one.at)).slice(0, WARNINGS_SHOWN);

export function ServerFacts({ stats }: { readonly stats: Stats }): VNode {
  const { totals, store } = stats;
  const rows: readonly (readonly [string, string])[] = [
    ["Version", `${stats.version} · bun ${stats.bun}`],
    ["Platform", stats.platform],
    ["Started", moment(stats.started_at)],
    ["Opened, closed", `${count(totals.opened)}, ${count(totals.closed)}`],
    ["Refused", count(totals.refusals)],
    ["Too slow", `${count(totals.slow_closes)} closed`],
    ["Commits", `${count(totals.commits)} of ${count(totals.writes)} writes`],
    ["Waiting writes", count(stats.queued_writes)],
    ["Store", `${bytes(store.bytes)}, log ${bytes(store.wal_bytes)}`],
  ];
  return (
    <section class="card">
      <header>
        <h2>Server</h2>
      </header>
      <dl class="facts inside">
        {rows.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
