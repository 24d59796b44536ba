/** What was measured, as the README shows it: ratios, on which machine, by which command. */
import { cpus, release, totalmem } from "node:os";
import type { Cell, Row } from "./report.ts";

export interface Report {
  readonly command: string;
  readonly machine: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** What a sync of the disk took meanwhile, as a text. */
  readonly disk: string;
}

/** `pinned`: the servers on one processor, the load on another. */
export function machine(pinned: boolean): string {
  const [cpu] = cpus();
  const model = cpu?.model.replaceAll(/\((?:R|TM)\)/g, "").trim() ?? "unknown processor";
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const place = pinned ? "each server on one of them, the load on another" : "nothing pinned";
  const node = Bun.spawnSync(["node", "--version"]).stdout.toString().trim();
  const runtimes = [`Bun ${Bun.version}`, node === "" ? "" : `Node ${node.slice(1)}`]
    .filter(Boolean)
    .join(", ");
  return `${cpus().length} × ${model} (${place}), ${memory}, Linux ${release()}, ${runtimes}`;
}

const COLUMNS = { stored: "Dragoman", live: "Dragoman, live", socketio: "Socket.IO", ws: "`ws`" } as const;
/** Where the members of a room speak; in the others both ways of telling are the same. */
const RELAYED = new Set(["fanout-8", "fanout-64", "rooms", "latency", "commit", "memory"]);
const BEGIN = "<!-- bench -->";
const END = "<!-- /bench -->";

/** One row a scenario: what raw Bun does, and the others as ratios to it; medians. */
export function readmeTable({ command, machine, rounds, rows, disk }: Report): string {
  const names = Object.values(COLUMNS);
  const lines = rows.map(({ scenario, title, unit, cells }) => {
    const raw = cells.find(({ server }) => server === "raw");
    const shown = cells.filter(({ server }) => server !== "live" || RELAYED.has(scenario));
    const ratios = Object.keys(COLUMNS).map((name) => ratioOf(shown.find(({ server }) => server === name)));
    return `| ${title} | ${raw === undefined ? "" : `${amount(raw.median)} ${unit}`} | ${ratios.join(" | ")} |`;
  });
  return [
    `| | raw Bun | ${names.join(" | ")} |`,
    `|---|---|${names.map(() => "---|").join("")}`,
    ...lines,
    "",
    `Ratios to raw Bun of the same moment, medians of ${rounds} rounds: above 1 is more, or for memory and milliseconds worse. ${machine}. A sync of its disk took ${disk}. Made by \`${command.replace(/ --json \S+/, "")}\`.`,
  ].join("\n");
}

const ratioOf = (cell: Cell | undefined): string => (cell === undefined ? "" : cell.ratio.median.toFixed(2));

function amount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value >= 1e5 ? 0 : 1)} k`;
  return value.toFixed(value >= 10 ? 0 : 2);
}

/** The text with the table between its marks; null where they are missing. */
export function withTable(text: string, table: string): string | null {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) return null;
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}
