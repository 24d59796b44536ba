/** Which way a frame went; `note` is what happened to the socket itself. */
export type Direction = "in" | "out" | "note";

export const ARROWS = { in: "↓", out: "↑", note: "·" } as const satisfies Record<Direction, string>;
