import type { VNode } from "preact";

/** Lines on a field of 16 by 16. */
const PATHS = {
  overview: "M2 9h3l2-5 3 9 2-4h2",
  connections:
    "M6 10 10 6M7 4.5 8.2 3.3a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.2 1.2a3.2 3.2 0 0 1-4.5-4.5L4.5 7",
  rooms: "M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z",
  events: "M3 4h10M3 8h10M3 12h6",
  inbox: "M2.5 9.5 4.5 3.5h7l2 6v3h-11zM2.5 9.5h3.2l.8 1.5h3l.8-1.5h3.2",
  users:
    "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6M1.8 13c.3-2.4 2-3.7 4.2-3.7s3.9 1.3 4.2 3.700M10.6 3.200a2.2 2.2 0 0 1 0 4.200M12 9.600c1.3.5 2.1 1.7 2.3 3.4",
  keys: "M5.5 12.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6M7.7 7.4 13 2.500M11 4.500l1.8 1.8",
  tokens: "M2.5 4.500h11v2.200a1.3 1.3 0 0 0 0 2.600v2.200h-11V9.300a1.3 1.3 0 0 0 0-2.600zM9.5 4.500v7",
  settings:
    "M2.5 4.500h6M11.5 4.500h2M2.5 11.500h2M7.5 11.500h6M10 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3",
  security: "M8 2 3 4v3.800c0 3 2 5.2 5 6.2 3-1 5-3.2 5-6.200V4zM5.8 8l1.6 1.6 2.9-3",
  try: "M5 3.500v9l7.5-4.500z",
  docs: "M3.5 2.500h7l2 2v9h-9zM6 6.500h4M6 9h4",
  external: "M6.5 3.500h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5",
  search: "M7 11.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.5 10.5 14 14",
  close: "M4 4l8 8M12 4l-8 8",
  menu: "M2.5 4.500h11M2.5 8h11M2.5 11.500h11",
  copy: "M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3",
  check: "M3 8.5 6.5 12 13 4.5",
  alert: "M8 2.5 14.5 13.500h-13zM8 6.500v3.200M8 11.600v.1",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 7.300v3.600M8 5v.1",
  pause: "M5.5 3.500v9M10.5 3.500v9",
  play: "M5 3.500v9l7.5-4.500z",
  clear: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M3.8 3.800l8.4 8.4",
  sun: "M8 10.800a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600M8 1.500v1.300M8 13.200v1.300M1.5 8h1.300M13.2 8h1.300M3.4 3.400l.9.9M11.7 11.700l.9.9M3.4 12.600l.9-.9M11.7 4.300l.9-.9",
  moon: "M13.2 9.600A5.6 5.6 0 0 1 6.4 2.800a5.6 5.6 0 1 0 6.8 6.800z",
  screen: "M2 3h12v8H2zM6 13.500h4",
  leave: "M6.5 3h-4v10h4M6 8h7.500M11 5.5 13.5 8 11 10.5",
  in: "M8 2.500v9M4.5 8 8 11.5 11.5 8M3 13.500h10",
  out: "M8 11.500v-9M4.5 6 8 2.5 11.5 6M3 13.500h10",
  add: "M8 3v10M3 8h10",
  refresh: "M13 8a5 5 0 1 1-1.5-3.500L13 6M13 2.500V6H9.5",
  back: "M9.5 3.5 5 8l4.5 4.5",
  forth: "M6.5 3.5 11 8l-4.5 4.5",
  send: "M2.5 8 13.5 3l-3 10.5-3-4zM7.5 9.500l6-6.5",
  keyboard: "M1.5 4h13v8h-13zM4 6.700h.1M6.6 6.700h.1M9.3 6.700h.1M12 6.700h.1M5 9.500h6",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside its words: never spoken, never alone without a label. */
export const Icon = ({ name }: { readonly name: IconName }): VNode => (
  <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path
      d={PATHS[name]}
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

/** The server's mark. */
export const Mark = ({ size = 22 }: { readonly size?: number }): VNode => (
  <svg class="icon" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="7" fill="#0b63c5" />
    <path d="M7 9h12a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3h-6l-6 4z" fill="#fff" />
    <path
      d="M25 13v8a3 3 0 0 1-3 3h-7"
      fill="none"
      stroke="#fff"
      stroke-width="2.4"
      stroke-linecap="round"
      opacity=".65"
    />
  </svg>
);
