import type { ComponentChildren, VNode } from "preact";
import { classes } from "./classes.ts";

export interface Column<T> {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly cell: (row: T) => ComponentChildren;
  readonly align?: "end";
  /** Takes the room that the others leave, and cuts what is too long. */
  readonly fill?: boolean;
  /** Takes two fifths, where nothing else is long: the eye finds from the name to the numbers. */
  readonly lead?: boolean;
  /** Left out on narrower screens: `middle` on phones, `wide` on tablets too. */
  readonly from?: "middle" | "wide";
}

/**
 * A real table. Where a row can be opened, its first cell is a link: Enter and a click anywhere in
 * the row lead there, and the page's keyboard finds it by `data-row`.
 */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
  hrefOf,
  below,
  current,
}: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  /** Null while they are being fetched for the first time. */
  readonly rows: readonly T[] | null;
  readonly keyOf: (row: T) => string;
  readonly hrefOf?: (row: T) => string;
  /** On phones, under the first cell: what the columns that are left out say. */
  readonly below?: (row: T) => string;
  /** The key of the row that is open. */
  readonly current?: string | undefined;
}): VNode {
  const look = looksOf(columns);
  return (
    <table class="table" aria-label={label} aria-busy={rows === null}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" class={look.get(column)}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows === null
          ? [90, 60, 75, 50].map((width) => <Bones key={width} columns={columns} look={look} width={width} />)
          : rows.map((row) => (
              <Row
                key={keyOf(row)}
                row={row}
                columns={columns}
                look={look}
                href={hrefOf?.(row)}
                below={below?.(row)}
                current={keyOf(row) === current}
              />
            ))}
      </tbody>
    </table>
  );
}

type Looks<T> = ReadonlyMap<Column<T>, string>;

function looksOf<T>(columns: readonly Column<T>[]): Looks<T> {
  const narrowest = columns.findLast(({ from }) => from === undefined);
  const narrow = columns.findLast(({ from }) => from !== "wide");
  return new Map(
    columns.map((column) => {
      const { align, fill, lead, from } = column;
      const last = [column === narrowest && "last-narrowest", column === narrow && "last-narrow"];
      return [column, classes(align, fill && "fill", lead && "lead", from, ...last)];
    }),
  );
}

function Row<T>({
  row,
  columns: [first, ...others],
  look,
  href,
  below,
  current,
}: {
  readonly row: T;
  readonly columns: readonly Column<T>[];
  readonly look: Looks<T>;
  readonly href: string | undefined;
  readonly below: string | undefined;
  readonly current: boolean;
}): VNode {
  return (
    <tr
      class={classes(current && "current")}
      data-opens={href === undefined ? undefined : ""}
      onClick={href === undefined ? undefined : (event) => open(event, href)}
    >
      {first === undefined ? null : (
        <th scope="row" class={look.get(first)}>
          {href === undefined ? (
            first.cell(row)
          ) : (
            <a class="opens" data-row href={href} aria-current={current || undefined}>
              {first.cell(row)}
            </a>
          )}
          {below === undefined ? null : <p class="below cut">{below}</p>}
        </th>
      )}
      {others.map((column) => (
        <td key={column.name} class={look.get(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** A click on a link or button of its own, or the end of a selection, is none on the row. */
function open(event: MouseEvent, href: string): void {
  if ((event.target as Element).closest("a, button, input, select, label") !== null) return;
  if (getSelection()?.isCollapsed === false) return;
  location.hash = href;
}

const Bones = <T,>({
  columns,
  look,
  width,
}: {
  readonly columns: readonly Column<T>[];
  readonly look: Looks<T>;
  readonly width: number;
}): VNode => (
  <tr aria-hidden="true">
    {columns.map((column) => (
      <td key={column.name} class={look.get(column)}>
        <span class="bone" style={{ width: `${width}%`, minWidth: "24px" }} />
      </td>
    ))}
  </tr>
);
