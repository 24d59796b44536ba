import { isLoopback } from "../lib/address.ts";
import { messageOf } from "../lib/failure.ts";
import { localAccess } from "../lib/remote.ts";
import { bad, type Finding, good, PROXY_FIXES } from "./finding.ts";
import { examineAddress, WITH_PROOF } from "./forwarding.ts";
import { type PublicOptions, type Reach, reachOf } from "./reach.ts";
import { examineHeartbeat, examineSockets } from "./sockets.ts";
import { examineCertificate } from "./tls.ts";

/** What a clock may be off: the header has whole seconds, and the way takes its time. */
const CLOCK_WARN_MS = 5000;
const CLOCK_ERROR_MS = 30_000;
/** A proxy that passes on an answer piece by piece has passed on its first piece by then. */
const FIRST_PIECE_MS = 5000;

/** Everything that can be seen through the address that clients use. Never throws. */
export async function examinePublic(options: PublicOptions): Promise<readonly Finding[]> {
  const reach = reachOf(options);
  const certificate = await examineCertificate(reach);
  const { findings: reached, proxied } = await examineReach(reach);
  if (reached.some(({ level }) => level === "error")) return [...certificate, ...reached];
  // The quiet socket is watched while the rest is looked at.
  const [heartbeat, sockets, others] = await Promise.all([
    examineHeartbeat(reach),
    examineSockets(reach),
    examineRest(reach, proxied),
  ]);
  return [...certificate, ...reached, ...sockets, ...others, ...heartbeat];
}

const examineRest = async (reach: Reach, proxied: boolean): Promise<readonly Finding[]> => [
  await examineReadiness(reach),
  ...(await examineAddress(reach, proxied)),
  await examineStream(reach),
  await examineMetrics(reach, proxied),
];

interface Reached {
  readonly findings: readonly Finding[];
  /** Somebody in between has signed the answer: Bun's server names itself in no header. */
  readonly proxied: boolean;
}

/** Whether this server answers there at all, and by which clock. */
async function examineReach(reach: Reach): Promise<Reached> {
  const check = "reach";
  const sentMs = reach.now();
  try {
    const answer = await reach.get("/healthz");
    const tookMs = reach.now() - sentMs;
    const body = (await answer.json().catch(() => null)) as { status?: string; version?: string } | null;
    const proxied = answer.headers.has("server") || answer.headers.has("via") || !isLoopback(reach.url);
    const findings =
      answer.status === 200 && body?.status === "ok"
        ? [
            good(check, `${reach.url.host} answers in ${Math.round(tookMs)} ms, version ${body.version}`),
            examineClock(answer.headers.get("date"), sentMs + tookMs / 2),
          ]
        : [
            bad(
              "error",
              check,
              `${reach.url.href}healthz answers ${answer.status}, not as this server does`,
              `Another program answers there${serverName(answer)}: clients reach it instead, or nothing behind it.`,
              PROXY_FIXES.reach,
            ),
          ];
    return { findings, proxied };
  } catch (fault) {
    const what = `${reach.url.host} cannot be reached: ${messageOf(fault)}`;
    return {
      findings: [bad("error", check, what, "No client reaches it either.", PROXY_FIXES.reach)],
      proxied: false,
    };
  }
}

const serverName = (answer: Response): string => {
  const name = answer.headers.get("server");
  return name === null ? "" : ` (${name})`;
};

function examineClock(date: string | null, hereMs: number): Finding {
  const check = "clock";
  const thereMs = Date.parse(date ?? "");
  if (Number.isNaN(thereMs))
    return bad(
      "note",
      check,
      "the server's clock cannot be seen",
      "Its answers have no Date.",
      "let the proxy pass the Date header on",
    );
  const offMs = thereMs + 500 - hereMs;
  const seconds = Math.round(Math.abs(offMs) / 1000);
  if (Math.abs(offMs) < CLOCK_WARN_MS) return good(check, "its clock and this machine's agree");
  return bad(
    Math.abs(offMs) < CLOCK_ERROR_MS ? "warn" : "error",
    check,
    `its clock is ${seconds} s ${offMs > 0 ? "ahead of" : "behind"} this machine's`,
    "Tokens expire too early or too late by that much, or are not valid yet.",
    "let both machines set their clocks by NTP: timedatectl set-ntp true",
  );
}

async function examineReadiness(reach: Reach): Promise<Finding> {
  const answer = await reach.get("/readyz").catch(() => null);
  const body = (await answer?.json().catch(() => null)) as {
    problems?: readonly { part: string; detail: string; fix: string }[];
  } | null;
  if (answer?.status === 200) return good("ready", "every part of the server is ready");
  const [problem] = body?.problems ?? [];
  return bad(
    "error",
    "ready",
    problem === undefined ? "/readyz does not answer as this server does" : `not ready: ${problem.part}`,
    problem?.detail ?? "Load balancers would send nobody here.",
    problem?.fix ?? "let the proxy pass /readyz on, or ask the server itself",
  );
}

/** Whether an answer that goes on is passed on as it comes. */
async function examineStream(reach: Reach): Promise<Finding> {
  const check = "proxy.stream";
  if (reach.proof === null)
    return bad("note", check, "streams over HTTP were not looked at", "They need proof.", WITH_PROOF);
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), Math.min(FIRST_PIECE_MS, reach.timeoutMs));
  try {
    const answer = await fetch(`${reach.url.href.replace(/\/$/, "")}/api/v1/events`, {
      headers: { ...reach.headers, accept: "text/event-stream" },
      signal: ended.signal,
      ...localAccess(reach.url),
    });
    if (answer.status !== 200) {
      ended.abort();
      return bad(
        "note",
        check,
        `streams over HTTP were not looked at: ${answer.status}`,
        "The server did not open one for this proof.",
        "use a user's token: --token TOKEN",
      );
    }
    await answer.body?.getReader().read();
    return good(check, "server-sent events come as they are sent");
  } catch {
    return bad(
      "error",
      check,
      `nothing of a stream came within ${Math.min(FIRST_PIECE_MS, reach.timeoutMs) / 1000} s`,
      "The proxy keeps answers back until they are whole: whoever listens over HTTP hears nothing.",
      PROXY_FIXES.buffered,
    );
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

async function examineMetrics(reach: Reach, proxied: boolean): Promise<Finding> {
  const answer = await reach.get("/metrics").catch(() => null);
  await answer?.body?.cancel();
  return answer?.status === 200 && proxied
    ? bad(
        "error",
        "metrics.open",
        "/metrics can be read by everybody",
        "It tells how many are connected and what goes wrong; the proxy looks like this machine itself.",
        PROXY_FIXES.metrics,
      )
    : good("metrics.open", "/metrics is closed to strangers");
}
