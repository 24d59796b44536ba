import { EXIT, type Failure, failure } from "../lib/failure.ts";
import { explainExpiry } from "../lib/refusals.ts";
import type { Suite } from "./check.ts";
import { detailOf, paramsOf } from "./dialling.ts";
import { knock } from "./knock.ts";
import { Peer, within } from "./peer.ts";
import type { Run } from "./run.ts";
import { type Scene, sceneOf } from "./scene.ts";

/** How a socket was refused: `HTTP 403, "Not Found"`, `4401 Authentication Failed`. */
interface Refused {
  readonly path: string;
  readonly as: "a" | "b";
  readonly said: string;
  /** There is nothing at this address. */
  readonly absent: boolean;
  /** The server does not take the token. */
  readonly unproved: boolean;
}

/** Behind the upgrade a refusal comes at once, or not at all. */
const CLOSE_MS = 400;
const UNPROVED = [401, 403];
const ABSENT = [404, 405, 426];

/**
 * Whether the server speaks the dialect at all and takes the tokens: else every check would tell
 * the same. Throws a Failure.
 */
export async function preflight(suite: Suite, run: Run): Promise<void> {
  const scene = sceneOf(run.people, run.given);
  const paths = socketsOf(suite, scene);
  const asked = paths.map((path) => tried(path, "a", scene, run));
  const refused = await Promise.all(asked);
  const [first] = refused;
  if (first !== undefined && first !== null && refused.every((one) => one?.absent))
    throw elsewhere(suite, first, run);
  const open = paths.find((path) => !/:(workspace|session)_id/.test(path));
  if (open === undefined) return;
  const second = run.people.token("b") === null ? null : await tried(open, "b", scene, run);
  const unproved = [refused[paths.indexOf(open)], second].find((one) => one?.unproved);
  if (unproved) throw untrusted(unproved, run);
}

/** Where its documented checks listen. */
function socketsOf({ checks }: Suite, scene: Scene): readonly string[] {
  const paths = checks.flatMap((check) =>
    check.steps(scene).flatMap((step) => (step.do === "open" && !step.path.endsWith("/") ? [step.path] : [])),
  );
  return [...new Set(paths)];
}

async function tried(path: string, as: "a" | "b", scene: Scene, run: Run): Promise<Refused | null> {
  const params = paramsOf({}, as, scene);
  const token = run.people.token(as);
  const url = run.place.socket(path, params, token === null ? {} : { token });
  const shown = run.place.path(path, params);
  const peer = new Peer(url, run.access);
  try {
    if ((await within(run.timeoutMs, peer.opened)) === true) {
      const heard = await peer.next(CLOSE_MS);
      if (heard === null || "text" in heard) return null;
      const { code, reason } = heard.closed;
      return { path: shown, as, said: `${code} ${reason}`, absent: false, unproved: code === 4401 };
    }
  } finally {
    await peer.close();
  }
  const { status, body } = await knock(url, {}, run).catch(() => ({ status: 0, body: "" }));
  return {
    path: shown,
    as,
    said: `HTTP ${status}${detailOf(body)}`,
    absent: ABSENT.includes(status),
    // Without a token that is as it should be.
    unproved: token !== null && UNPROVED.includes(status),
  };
}

const elsewhere = ({ dialect }: Suite, { path, said }: Refused, { place }: Run): Failure =>
  failure(
    `${place.origin} does not speak ${dialect}: ${path} answers ${said}`,
    `say where its sockets are: --base-path /PATH before all of them, or --map ${path}=/ITS/PATH`,
  );

function untrusted({ path, as, said }: Refused, { people, place }: Run): Failure {
  const id = people.person(as)?.id;
  const [option, user] = as === "a" ? ["--token", "user a"] : ["--token-b", "user b"];
  const expired = explainExpiry({ token: () => people.token(as) ?? "", from: user });
  if (expired !== null) return expired;
  return failure(
    `${place.origin} does not take the token of ${user}${id === undefined ? "" : ` (${id})`}: ${path} answers ${said}`,
    `give one that it takes: ${option} TOKEN; or what it checks them with: --secret SECRET (env JWT_SECRET)`,
    EXIT.failure,
  );
}
