import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { secretIn } from "../app/data-folder.ts";
import { freeBytesOf } from "../app/metrics/process.ts";
import { DOCTOR_ID } from "./doctor/sockets.ts";
import type { Finding, Level } from "./doctor/finding.ts";
import { examineMachine, measureFsync, readMaxFds } from "./doctor/machine.ts";
import { examinePublic } from "./doctor/public.ts";
import { examineSettings } from "./doctor/settings.ts";
import { readAddress } from "./lib/address.ts";
import { wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { Failure } from "./lib/failure.ts";
import { answer } from "./lib/output.ts";
import { type Proof, proofFor } from "./lib/proof.ts";
import { type Flags, loadSettings } from "./lib/settings.ts";
import type { Paint } from "./lib/terminal.ts";

/** Two heartbeats and the answer to the second, with the default interval of 30 s. */
const PATIENT_SECONDS = "125";
const MAX_PATIENT_SECONDS = 900;
const DEFAULT_FOLDER = "./dragoman_data";

export function define(command: Command): void {
  command
    .option("--url <address>", "the address that clients use: https://rt.example.com (env DRAGOMAN_URL)")
    .addOption(
      new Option("--patient [seconds]", `watch a quiet socket for so long (${PATIENT_SECONDS})`).preset(
        PATIENT_SECONDS,
      ),
    )
    .option("--data-dir <folder>", "the server's data folder (env DATA_DIR)")
    .option("--config <file>", "its TOML file with settings (dragoman.toml)")
    .option("--token <token>", "a user's token for what needs one (env DRAGOMAN_TOKEN)")
    .option("--key <key>", "a service key instead (env DRAGOMAN_KEY)")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExits with 0 where nothing is wrong, with 1 where there is an error.")
    .action(run);
  examples(command, [
    ["dragoman doctor", "settings, secret, disk and limits of this machine"],
    ["dragoman doctor --url https://rt.example.com", "and everything between clients and the server"],
    ["dragoman doctor --url https://rt.example.com --patient --json", "quiet sockets too; for programs"],
  ]);
}

async function run(flags: Flags): Promise<void> {
  const findings = [...examineHere(flags), ...(await examineThere(flags))];
  const errors = findings.filter(({ level }) => level === "error").length;
  answer(flags, { ok: errors === 0, findings }, (paint) => told(findings, paint));
  if (errors > 0) throw new Failure([]);
}

function examineHere(flags: Flags): readonly Finding[] {
  const settings = loadSettings("serve", flags);
  const folder = "settings" in settings ? (settings.settings.dataDir ?? DEFAULT_FOLDER) : DEFAULT_FOLDER;
  return [
    ...examineSettings(settings, existsSync(secretIn(folder))),
    ...examineMachine(folder, { freeBytes: freeBytesOf, fsyncMs: measureFsync, maxFds: readMaxFds }),
  ];
}

async function examineThere(flags: Flags): Promise<readonly Finding[]> {
  const given = flags["url"] ?? process.env["DRAGOMAN_URL"];
  if (typeof given !== "string" || given === "") return [];
  const url = readAddress(given, flags["url"] === undefined ? "env DRAGOMAN_URL" : "--url");
  const { patient } = flags;
  const seconds =
    patient === undefined
      ? 0
      : wholeNumber(String(patient), "--patient", { min: 1, max: MAX_PATIENT_SECONDS });
  return examinePublic({ url, proof: proofIfAny(url, flags), patientMs: seconds * 1000 });
}

/** Given, else signed for a user that nobody is, where the server's secret is at hand. */
function proofIfAny(url: URL, flags: Flags): Proof | null {
  const { DRAGOMAN_TOKEN, DRAGOMAN_KEY } = process.env;
  const isGiven = flags["token"] ?? flags["key"] ?? DRAGOMAN_TOKEN ?? DRAGOMAN_KEY;
  if (isGiven !== undefined) return proofFor(url, flags);
  try {
    return proofFor(url, { ...flags, as: DOCTOR_ID });
  } catch (fault) {
    if (fault instanceof Failure) return null;
    throw fault;
  }
}

const ORDER: readonly Level[] = ["error", "warn", "note", "ok"];
const LABEL_WIDTH = 7;

function told(findings: readonly Finding[], paint: Paint): string {
  const sorted = ORDER.flatMap((level) => findings.filter((finding) => finding.level === level));
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const summary = `${count("ok")} in order, ${count("note")} to know of, ${count("warn")} to look at, ${count("error")} wrong`;
  return [...sorted.map((finding) => shown(finding, paint)), "", paint("bold", summary)].join("\n");
}

function shown({ level, what, why, fix, caddy, nginx }: Finding, paint: Paint): string {
  const label = level.padEnd(LABEL_WIDTH);
  if (level === "ok") return `${paint("dim", label)}${what}`;
  const indented = (text: string, by: number): string => text.replaceAll("\n", `\n${" ".repeat(by)}`);
  const lines = [
    `${paint("bold", label)}${what}`,
    ...(why === "" ? [] : [`${" ".repeat(LABEL_WIDTH)}${why}`]),
    `${paint("accent", "fix".padEnd(LABEL_WIDTH))}${fix}`,
    ...Object.entries({ Caddy: caddy, nginx }).flatMap(([name, text]) =>
      text === undefined
        ? []
        : [`${" ".repeat(LABEL_WIDTH)}${name.padEnd(7)}${indented(text, 2 * LABEL_WIDTH)}`],
    ),
  ];
  return lines.join("\n");
}
