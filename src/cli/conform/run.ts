import type { localAccess } from "../lib/remote.ts";
import type { FrameSchema } from "./notebook.ts";
import type { People } from "./people.ts";
import type { Place } from "./place.ts";
import type { Names } from "./scene.ts";

/** What all checks of one run share. */
export interface Run {
  readonly place: Place;
  /** How this machine's own servers are reached, whatever their certificate names. */
  readonly access: ReturnType<typeof localAccess>;
  readonly people: People;
  readonly names: Map<string, unknown>;
  readonly given: Names;
  /** How long an answer and the opening of a socket are waited for. */
  readonly timeoutMs: number;
  /** How long a frame and a close are waited for. */
  readonly waitMs: number;
  /** The same, where nobody is to be blamed for its lack: other servers have few of Dragoman's additions. */
  readonly additionMs: number;
  readonly strict: boolean;
  /** Commands of the tested backend that make events, by the event's name. */
  readonly triggers: Readonly<Record<string, string>>;
  /** The server's frames of the dialect, by schema. */
  readonly schemas: Readonly<Record<string, FrameSchema>>;
  /** The types that these frames have. */
  readonly types: ReadonlySet<string>;
  /** Frames of other types that were told of: `/ws/notifications hello`. */
  readonly noise: Set<string>;
}
