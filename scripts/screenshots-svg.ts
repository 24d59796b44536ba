/** Pieces of SVG in the console's colours, for one colour scheme or for whichever the reader has. */

export type Scheme = "light" | "dark" | "either";

/** Class, and its declarations in the light and in the dark. Source: src/console/lib/base.css. */
const COLOURS = [
  [".bg", "fill:#f5f6f7", "fill:#0b0d10"],
  [".pane", "fill:#fff;stroke:#d5d9e0", "fill:#12151a;stroke:#2c333d"],
  [".soft", "fill:#e7f0fc;stroke:#b5d0f2", "fill:#16273d;stroke:#2b4a70"],
  [".t", "fill:#14171c", "fill:#e8eaed"],
  [".d", "fill:#59626e", "fill:#9ba4b0"],
  [".a", "fill:#0b5cc0", "fill:#79b4ff"],
  [".g", "fill:#1a7335", "fill:#5fd38a"],
  [".p", "fill:#8a4ab8", "fill:#cf9cf5"],
  [".line", "stroke:#59626e", "stroke:#9ba4b0"],
  [".hot", "stroke:#0b5cc0", "stroke:#79b4ff"],
] as const;

export const MONO = `ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace`;
export const SANS = `-apple-system,"Segoe UI",Cantarell,Ubuntu,Roboto,"Noto Sans",Arial,sans-serif`;

function coloursOf(scheme: Scheme): string {
  const rules = (dark: boolean): string =>
    COLOURS.map(([name, light, other]) => `${name}{${dark ? other : light}}`).join("");
  if (scheme !== "either") return rules(scheme === "dark");
  return `${rules(false)}@media(prefers-color-scheme:dark){${rules(true)}}`;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What it shows, for whoever does not see it. */
  readonly about: string;
  readonly css: string;
  readonly body: readonly string[];
}

export function svg({ width, height, title, about, css, body }: Drawing, scheme: Scheme): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title about">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="about">${escaped(about)}</desc>`,
    `<style>${coloursOf(scheme)}${css}</style>`,
    `<rect class="bg" width="${width}" height="${height}" rx="12"/>`,
    ...body,
    "</svg>",
  ].join("\n")}\n`;
}

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export const box = (kind: "pane" | "soft", x: number, y: number, width: number, height: number): string =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;

/** Runs of one colour each, in one line. */
export type Runs = readonly (readonly [colour: "t" | "d" | "a" | "g" | "p", text: string])[];

export const line = (x: number, y: number, runs: Runs): string =>
  `<text x="${x}" y="${y}">${runs.map(([colour, text]) => `<tspan class="${colour}">${escaped(text)}</tspan>`).join("")}</text>`;
