import { randomBytes } from "node:crypto";
import { toWireId, type WireId } from "../../core/ids.ts";
import { type People, type Person, SOMEBODY } from "./people.ts";

/** What the checks name on the tested server. */
export interface Names {
  readonly workspace: string;
  /** It was named, and is no guess. */
  readonly workspaceNamed: boolean;
  readonly room: string;
  readonly roomNamed: boolean;
  readonly session?: string | undefined;
  /** A room or workspace that the first user may not enter. */
  readonly forbidden?: string | undefined;
  /** How many sockets one user may have at one address. */
  readonly connections: number;
}

/** Who and what a check's frames and addresses are about. */
export interface Scene {
  readonly a: Person;
  readonly b: Person;
  readonly workspace: string;
  readonly wireWorkspace: WireId;
  /** A chat room. */
  readonly room: string;
  /** A notifier room of this run alone. */
  readonly freeRoom: string;
  readonly session: string;
  readonly forbiddenRoom: string;
  readonly forbiddenWorkspace: string;
  readonly connections: number;
  /** Ids and texts that nobody else uses. */
  readonly task: number;
  readonly mark: string;
}

export function sceneOf(people: Pick<People, "person">, names: Names): Scene {
  const mark = randomBytes(4).toString("hex");
  const forbidden = names.forbidden ?? "";
  return {
    a: people.person("a") ?? SOMEBODY,
    b: people.person("b") ?? SOMEBODY,
    workspace: names.workspace,
    wireWorkspace: toWireId(names.workspace),
    room: names.room,
    freeRoom: `conform_${mark}`,
    session: names.session ?? `conform-${mark}`,
    forbiddenRoom: forbidden.includes(":") ? forbidden : `project:${forbidden}`,
    forbiddenWorkspace: forbidden.replace(/^(project|workspace)[:_]/, ""),
    connections: names.connections,
    task: 100_000_000 + randomBytes(3).readUIntBE(0, 3),
    mark,
  };
}
