import { StartError } from "../../app/data-folder.ts";
import type { Settings } from "../../app/settings.ts";
import type { ServerCommand } from "../../app/settings-spec.ts";
import { SettingError } from "../../auth/auth.ts";
import { codeOf, EXIT, Failure, failure, messageOf } from "./failure.ts";
import { freePortAfter, lockOwner, ownerNote, portOwner } from "./owners.ts";
import { sentences } from "./sentences.ts";

/** Whatever was thrown, as what, where and fix. */
export function explain(fault: unknown): Failure {
  if (fault instanceof Failure) return fault;
  const told =
    fault instanceof StartError
      ? startFailure(fault)
      : fault instanceof SettingError
        ? settingFailure(fault)
        : (storeFailure(fault) ?? systemFailure(fault));
  told.cause = fault;
  return told;
}

function startFailure({ problem, lockFile, cause }: StartError): Failure {
  const holder = lockFile === undefined ? "" : ownerNote(lockOwner(lockFile));
  const where = problem.where === "DATA_DIR" ? "" : problem.where;
  const denied = DENIED.has(codeOf(cause)) ? AS_OWNER : "";
  return failure(`${problem.what}${holder}`, `${denied}${problem.fix}`, EXIT.failure, where);
}

function settingFailure({ setting, message }: SettingError): Failure {
  const [what, fix] = sentences(message.slice(setting.length + 1));
  return failure(what, fix ?? "see: dragoman check-config --help", EXIT.config, setting);
}

const DENIED = new Set(["EACCES", "EPERM", "SQLITE_READONLY"]);
const AS_OWNER = "run it as the user who owns the folder, or ";

/** What to do where the store's message does not say it itself; by code, its own or the cause's. */
const STORE_FIXES: readonly (readonly [RegExp, string])[] = [
  [
    /EACCES|EPERM|SQLITE_READONLY|SQLITE_CANTOPEN/,
    "run it as the user who owns the folder, and see that the folder is writable",
  ],
  [/ENOSPC|SQLITE_FULL|STORE_FULL/, "free disk space, and start again"],
  [/SQLITE_NOTADB|SQLITE_CORRUPT/, "restore it from a backup, or move it away to begin with an empty one"],
  [/SQLITE_BUSY|SQLITE_LOCKED/, "another program holds it: end that one, and try again"],
  [/./, "look at the file and its folder: owner, rights, free space"],
];

/** A fault of the store, which is known by its code: its adapters are not seen from here. */
function storeFailure(fault: unknown): Failure | null {
  if (!(fault instanceof Error) || !codeOf(fault).startsWith("STORE_")) return null;
  const codes = `${codeOf(fault)} ${codeOf(fault.cause)}`;
  const [what, told] = sentences(fault.message);
  const fix = told ?? STORE_FIXES.find(([pattern]) => pattern.test(codes))?.[1] ?? "";
  return failure(what, fix);
}

function systemFailure(fault: unknown): Failure {
  const code = codeOf(fault);
  const what = messageOf(fault);
  if (DENIED.has(code)) return failure(what, "run it as the user who owns it, or give this user the right");
  if (code === "ENOSPC" || code === "EDQUOT") return failure(what, "free disk space, and try again");
  if (code === "EMFILE" || code === "ENFILE")
    return failure(what, "raise the limit of open files: ulimit -n 65536");
  return failure(
    `this should not happen: ${what}`,
    "run it again with LOG_LEVEL=debug to see where, and report that",
  );
}

/** A port cannot be opened: because of whom, and where else. */
export function explainPort(fault: unknown, port: number, elsewhere: (port: number) => string): Failure {
  if (codeOf(fault) === "EADDRINUSE")
    return failure(
      `port ${port} is in use${ownerNote(portOwner(port))}`,
      `stop it, or: ${elsewhere(freePortAfter(port))}`,
    );
  if (codeOf(fault) === "EACCES")
    return failure(
      `port ${port} may not be opened by this user`,
      `choose one above 1023: ${elsewhere(8000)}`,
    );
  return explain(fault);
}

/** `listen` failed: on what, because of whom, and where else. */
export function explainListening(
  fault: unknown,
  command: ServerCommand,
  { port, host, tlsCert }: Settings,
): Failure {
  const code = codeOf(fault);
  const elsewhere = (other: number): string => `dragoman ${command} --port ${other}      (env PORT)`;
  const told =
    code === "EADDRINUSE" || code === "EACCES"
      ? explainPort(fault, port, elsewhere)
      : code === "EADDRNOTAVAIL" || code === "EINVAL" || code === "ENOTFOUND"
        ? failure(
            `this machine has no address "${host}" to listen on`,
            "use 127.0.0.1 for this machine alone or 0.0.0.0 for all of its addresses: --host      (env HOST)",
          )
        : tlsCert !== undefined &&
            (code.startsWith("ERR_OSSL") || code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL"))
          ? failure(
              `TLS_CERT and TLS_KEY cannot be used: ${messageOf(fault)}`,
              "give a certificate chain and its private key, both as PEM files",
              EXIT.config,
            )
          : explain(fault);
  told.cause = fault;
  return told;
}
