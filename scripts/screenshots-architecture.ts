/** The road of an event, as a drawing. */
import { box, escaped, SANS, svg, type Scheme } from "./screenshots-svg.ts";

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly lines: readonly string[];
  /** Where nothing is told before it is here. */
  readonly stored?: boolean;
}

const HEIGHT = 84;
const [ASK_Y, TELL_Y] = [40, 256];

const part = (x: number, y: number, width: number, name: string, ...lines: string[]): Part => ({
  x,
  y,
  width,
  height: HEIGHT,
  name,
  lines,
});

const CLIENTS = [
  "onetask",
  "onetask-v1",
  "chat",
  "diary",
  "notifier",
  "native, the SDK",
  "",
  "backends, by HTTP",
];

const PARTS: readonly Part[] = [
  { ...part(24, ASK_Y, 150, "Clients", ...CLIENTS), height: TELL_Y + HEIGHT - ASK_Y },
  part(234, ASK_Y, 150, "dialects", "decode,", "a schema a frame"),
  part(454, ASK_Y, 160, "hub", "limits, access,", "features"),
  { ...part(674, ASK_Y, 190, "writer", "one transaction", "a tick"), stored: true },
  part(234, TELL_Y, 150, "fan-out", "encode once a dialect,", "native topics"),
  part(454, TELL_Y, 160, "sequencer", "told in the order", "of the log"),
  { ...part(674, TELL_Y, 190, "store", "SQLite: the log, messages,", "inboxes, memberships"), stored: true },
];

const LINE_HEIGHT = 18;

function drawn({ x, y, width, height, name, lines, stored }: Part): string {
  const middle = x + width / 2;
  const first = y + height / 2 - (lines.length * LINE_HEIGHT) / 2 + 5;
  return [
    box(stored === true ? "soft" : "pane", x, y, width, height),
    `<text class="t b" x="${middle}" y="${first}">${escaped(name)}</text>`,
    ...lines.map(
      (text, place) =>
        `<text class="d" x="${middle}" y="${first + (place + 1) * LINE_HEIGHT}">${escaped(text)}</text>`,
    ),
  ].join("\n");
}

const askArrow = (from: number, to: number, label: string): string =>
  `<path class="line" d="M${from} ${ASK_Y + 42}H${to}" marker-end="url(#ask)"/>
<text class="d" x="${(from + to) / 2}" y="${ASK_Y + 32}">${label}</text>`;

const tellArrow = (from: number, to: number, label: string): string =>
  `<path class="hot" d="M${from} ${TELL_Y + 42}H${to}" marker-end="url(#tell)"/>
<text class="a" x="${(from + to) / 2}" y="${TELL_Y + 32}">${label}</text>`;

const marker = (id: string, colour: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="${colour}" d="M0 0 8 4 0 8z"/></marker>`;

const BODY = [
  `<defs>${marker("ask", "d")}${marker("tell", "a")}</defs>`,
  ...PARTS.map(drawn),
  askArrow(174, 232, "ask"),
  askArrow(384, 452, "command"),
  askArrow(614, 672, "write"),
  `<path class="line" d="M769 124V254" marker-end="url(#ask)"/>`,
  `<text class="d end" x="757" y="184">COMMIT,</text>`,
  `<text class="d end" x="757" y="202">and only then it is told</text>`,
  tellArrow(674, 616, "told"),
  tellArrow(454, 386, "event"),
  tellArrow(234, 176, "hear"),
  `<path class="hot dash" d="M769 340V372H99V342" marker-end="url(#tell)"/>`,
  `<text class="a" x="434" y="392">replay, for whoever comes back with a cursor</text>`,
];

const DRAWING = {
  width: 888,
  height: 412,
  title: "The road of an event",
  about:
    "Clients of six dialects send frames; the dialects decode them into commands; the hub checks limits and access and runs the feature; the writer stores a batch in one transaction. Only after the commit the sequencer tells the event, and the fan-out encodes it once for each dialect and publishes it. Whoever comes back with a cursor is told from the store.",
  css: `text{font:13px ${SANS};text-anchor:middle}.end{text-anchor:end}.b{font-weight:600;font-size:14px}.line,.hot{fill:none;stroke-width:1.5}.dash{stroke-dasharray:4 4}`,
  body: BODY,
};

export const architecture = (scheme: Scheme): string => svg(DRAWING, scheme);
