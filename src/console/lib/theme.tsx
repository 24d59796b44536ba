import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { IconButton } from "./button.tsx";
import type { IconName } from "./icon.tsx";

const STORED = "dragoman-theme";

/** As the system has it, or as it was chosen here. */
const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const ICONS: Readonly<Record<Theme, IconName>> = { system: "screen", light: "sun", dark: "moon" };

export interface Themes {
  readonly current: { readonly value: Theme };
  next(): void;
}

/** The choice of this browser, for all pages of the server; what follows from it is in base.css. */
export function createThemes(): Themes {
  const current = signal<Theme>(stored());
  show(current.value);
  return {
    current,
    next() {
      const theme = THEMES[(THEMES.indexOf(current.value) + 1) % THEMES.length] ?? "system";
      // Before it is told: who draws by hand asks what the colours are now.
      show(theme);
      keep(theme);
      current.value = theme;
    },
  };
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function stored(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(STORED)) ?? "system";
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
    return "system";
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // As above.
  }
}

export const ThemeSwitch = ({ themes }: { readonly themes: Themes }): VNode => (
  <IconButton
    kind="quiet"
    icon={ICONS[themes.current.value]}
    label={`Colours: ${themes.current.value}`}
    onClick={() => themes.next()}
  />
);
