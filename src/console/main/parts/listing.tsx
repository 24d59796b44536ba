import type { VNode } from "preact";
import { Button } from "../../lib/button.tsx";
import { Failed } from "../../lib/empty.tsx";
import { type Column, Table } from "../../lib/table.tsx";
import type { Pages, Resource } from "../data/resource.ts";

/** A collection in every state that it can be in: not known yet, failed, empty, filtered to nothing, long. */
export function Listing<T>({
  label,
  columns,
  source,
  rows,
  keyOf,
  hrefOf,
  below,
  current,
  empty,
  nothingFits,
}: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly source: Resource<readonly T[]> & Partial<Pick<Pages<T>, "more">>;
  /** What of it fits the filter; null while nothing is known. */
  readonly rows: readonly T[] | null;
  readonly keyOf: (row: T) => string;
  readonly hrefOf?: (row: T) => string;
  readonly below?: (row: T) => string;
  readonly current?: string | undefined;
  readonly empty: VNode;
  readonly nothingFits?: VNode;
}): VNode {
  const { data, error, reload, more } = source;
  if (data === null && error !== null)
    return (
      <div class="aside-pad">
        <Failed what={error.message} onAgain={reload} />
      </div>
    );
  if (data !== null && data.length === 0) return empty;
  return (
    <>
      <Table
        label={label}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        current={current}
        {...(hrefOf === undefined ? {} : { hrefOf })}
        {...(below === undefined ? {} : { below })}
      />
      {rows !== null && rows.length === 0
        ? (nothingFits ?? <p class="aside-pad dim">Nothing fits the filter.</p>)
        : null}
      {more ? (
        <div class="aside-pad more">
          <Button onClick={more}>Show more</Button>
        </div>
      ) : null}
    </>
  );
}
