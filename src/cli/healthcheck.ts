import type { Command } from "commander";
import type { Settings } from "../app/settings.ts";
import { localAddress, readAddress } from "./lib/address.ts";
import { examples } from "./lib/command.ts";
import { codeOf, Failure, failure, messageOf } from "./lib/failure.ts";
import { type Flags, readSettings, withSomeSettings } from "./lib/settings.ts";
import { say } from "./lib/terminal.ts";

/** Docker's HEALTHCHECK gives it 3 s in all. */
const TIMEOUT_MS = 2500;

export function define(command: Command): void {
  command.option("--url <address>", "another server than this machine's: http://host:port");
  withSomeSettings(command, ["PORT", "HOST", "TLS_CERT", "TLS_KEY"])
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExits with 0 where the server answers within 3 s, else with 1.")
    .action(run);
  examples(command, [
    ["dragoman healthcheck", "the server of this machine, at PORT"],
    ["dragoman healthcheck --url http://127.0.0.1:8000 || echo down", "any server"],
  ]);
}

async function run(flags: Flags): Promise<void> {
  const address = healthOf(flags);
  const answer = await ask(address, flags["url"] === undefined).catch((fault: unknown) => {
    throw failure(`${address} does not answer: ${reasonOf(fault)}`, `start the server, or ${ELSEWHERE}`);
  });
  if (!answer.ok)
    throw failure(`${address} answers ${answer.status}`, `see what runs there, or ${ELSEWHERE}`);
  say(flags["json"] === true ? JSON.stringify({ ok: true, address }) : `ok  ${address}`);
}

const ELSEWHERE = "name another address: dragoman healthcheck --url http://HOST:PORT";

function reasonOf(fault: unknown): string {
  if (fault instanceof Error && fault.name === "TimeoutError")
    return `nothing came within ${TIMEOUT_MS / 1000} s`;
  return codeOf(fault) === "ECONNREFUSED" || codeOf(fault) === "ConnectionRefused"
    ? "connection refused"
    : messageOf(fault);
}

function healthOf(flags: Flags): string {
  const { url } = flags;
  if (typeof url === "string") {
    return new URL("/healthz", readAddress(url, "--url")).href;
  }
  const settings = settingsOf(flags);
  if (settings.port === 0)
    throw failure(
      "PORT is 0, so the server's port is not known",
      "name its address: dragoman healthcheck --url http://127.0.0.1:PORT",
    );
  return `${localAddress(settings)}/healthz`;
}

/** Docker knows healthy and unhealthy only: wrong settings are the latter. */
function settingsOf(flags: Flags): Settings {
  try {
    return readSettings("serve", flags).settings;
  } catch (fault) {
    throw fault instanceof Failure ? new Failure(fault.problems) : fault;
  }
}

/** This machine's server is asked straight, and by an address that its certificate does not name. */
function ask(address: string, local: boolean): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  if (!local) return fetch(address, { signal, redirect: "manual" });
  process.env["NO_PROXY"] = "*";
  return fetch(address, { signal, redirect: "manual", tls: { rejectUnauthorized: false } });
}
