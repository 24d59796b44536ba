import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isLoopback, portOf } from "./address.ts";

/**
 * What a running `dev` leaves behind for the other commands of the same user, so that they can
 * speak as anybody without being given a token.
 */
const devServer = z.object({
  pid: z.int(),
  url: z.url(),
  secret: z.string(),
  rules: z.object({
    jwtUserIdClaim: z.string(),
    jwtIssuer: z.string().optional(),
    jwtAudience: z.string().optional(),
  }),
  users: z.array(z.object({ id: z.string(), username: z.string() })),
});
export type DevServer = z.infer<typeof devServer>;

/** Its file is named by its port; answers with what takes it away again. Where it cannot be written, nothing is. */
export function leaveDevFile(server: DevServer): () => void {
  const file = join(folder(), `dev-${portOf(new URL(server.url))}.json`);
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    if (!isOurs(folder())) return () => {};
    removeStale();
    rmSync(file, { force: true });
    writeFileSync(file, JSON.stringify(server), { mode: 0o600, flag: "wx" });
    chmodSync(file, 0o600);
  } catch {
    return () => {};
  }
  return () => rmSync(file, { force: true });
}

/** The `dev` that listens at an address of this machine; null where none does. */
export const devServerAt = (url: URL): DevServer | null =>
  isLoopback(url)
    ? (devServers().find((server) => portOf(new URL(server.url)) === portOf(url)) ?? null)
    : null;

const NAME = /^dev-\d+\.json$/;

/** Every `dev` of this user that is running. */
export function devServers(): readonly DevServer[] {
  try {
    if (!isOurs(folder())) return [];
    return readdirSync(folder())
      .filter((name) => NAME.test(name))
      .flatMap((name) => readDevFile(join(folder(), name)));
  } catch {
    return [];
  }
}

/** Of those that were killed. */
function removeStale(): void {
  for (const name of readdirSync(folder()))
    if (NAME.test(name) && readDevFile(join(folder(), name)).length === 0)
      rmSync(join(folder(), name), { force: true });
}

function readDevFile(file: string): readonly DevServer[] {
  try {
    const server = devServer.parse(JSON.parse(readFileSync(file, "utf8")));
    return isRunning(server.pid) ? [server] : [];
  } catch {
    return [];
  }
}

/** By user, since the temporary directory is everybody's. */
const folder = (): string => join(tmpdir(), `dragoman-${process.getuid?.() ?? userInfo().username}`);

/** Somebody else could have made the folder first, to be sent our tokens. */
function isOurs(path: string): boolean {
  const found = lstatSync(path);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  const isPrivate = process.platform === "win32" || (found.mode & 0o077) === 0;
  return found.isDirectory() && mine && isPrivate;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
