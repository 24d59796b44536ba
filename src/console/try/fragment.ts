/**
 * What a link to the page may say, behind its `#`: that part never leaves the browser.
 * `#dialect=chat&token=…`, `#socket=tasks&workspace_id=789&last_event_id=0`, `#demo`.
 */
export interface Fragment {
  readonly token: string;
  /** Asks a `dragoman dev` for the tokens of its demo users. */
  readonly demo: boolean;
  readonly dialect: string;
  readonly socket: string;
  readonly lastEventId: string;
  /** Path parameters. */
  readonly values: Readonly<Record<string, string>>;
}

const RESERVED = ["token", "demo", "dialect", "socket", "last_event_id"];

export function readFragment(hash: string): Fragment {
  // `#?token=…` is accepted too: people write what they know.
  const given = new URLSearchParams(hash.replace(/^#\??/, ""));
  return {
    token: given.get("token") ?? "",
    demo: given.has("demo"),
    dialect: given.get("dialect") ?? "",
    socket: given.get("socket") ?? "",
    lastEventId: given.get("last_event_id") ?? "",
    values: Object.fromEntries([...given].filter(([name]) => !RESERVED.includes(name))),
  };
}
