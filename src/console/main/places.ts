import type { IconName } from "../lib/icon.tsx";

/** A view of the console, or a page beside it. */
export interface Destination {
  /** In the address: `#/connections`. */
  readonly name: string;
  readonly label: string;
  /** Behind `g`. */
  readonly letter: string;
  readonly icon: IconName;
}

export interface DestinationGroup {
  readonly title: string;
  readonly items: readonly Destination[];
}

const destination = (name: string, label: string, letter: string, icon: IconName): Destination => ({
  name,
  label,
  letter,
  icon,
});

/** In the order of the navigation. */
export const VIEWS: readonly DestinationGroup[] = [
  {
    title: "Live",
    items: [
      destination("overview", "Overview", "o", "overview"),
      destination("connections", "Connections", "c", "connections"),
      destination("rooms", "Rooms", "r", "rooms"),
      destination("events", "Events", "e", "events"),
    ],
  },
  {
    title: "People",
    items: [destination("users", "Users", "u", "users"), destination("inbox", "Inbox", "i", "inbox")],
  },
  {
    title: "Access",
    items: [
      destination("tokens", "Tokens", "t", "tokens"),
      destination("keys", "Service keys", "k", "keys"),
      destination("security", "Security log", "l", "security"),
    ],
  },
  { title: "Server", items: [destination("settings", "Settings", "s", "settings")] },
];

/** Pages of the same server; each has an address of its own. */
export const PAGES: readonly (Destination & { readonly path: string })[] = [
  { ...destination("try", "Try it", "y", "try"), path: "/websocket_test.html" },
  { ...destination("docs", "Documentation", "d", "docs"), path: "/docs" },
];
