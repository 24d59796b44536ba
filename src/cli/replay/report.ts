import { escapeControl } from "../../app/log-safe.ts";
import { tell } from "../conform/compare.ts";
import { counted } from "../lib/output.ts";
import type { Paint } from "../lib/terminal.ts";
import type { Finding } from "./finding.ts";
import type { Played } from "./player.ts";

const MAX_DIFFERENCES = 10;

/** What differs, with what was recorded and what came; empty where nothing does. */
export const detailsOf = ({ findings }: Played, paint: Paint): string =>
  findings.map((finding) => blockOf(finding, paint)).join("\n\n");

function blockOf({ line, at, where, what, expected, received, differences }: Finding, paint: Paint): string {
  const shown = differences.slice(0, MAX_DIFFERENCES).map((one) => `    - ${tell(one, "the recording")}`);
  const more = differences.length - shown.length;
  const told = expected === undefined ? [] : [`    recorded ${expected}`, `    received ${received ?? ""}`];
  return [
    `${paint("bold", escapeControl(`${where}: ${what}`))} ${paint("dim", `· line ${at} of the file, number ${line}`)}`,
    ...[...told, ...shown].map((text) => escapeControl(text)),
    ...(more > 0 ? [`    … and ${more} more`] : []),
  ].join("\n");
}

export const summaryOf = ({ findings, sockets, requests, compared }: Played) => ({
  sockets,
  requests,
  compared,
  differs: findings.length,
});

export function summaryLine(played: Played): string {
  const { sockets, requests, compared, differs } = summaryOf(played);
  return `${counted(sockets, "socket")}, ${counted(requests, "request")}: ${counted(compared, "frame or answer", "frames and answers")} compared, ${differs} ${differs === 1 ? "differs" : "differ"}`;
}
