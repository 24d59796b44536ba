import { type ReadonlySignal, signal } from "@preact/signals";
import type { App } from "./app.ts";
import { href } from "./data/router.ts";
import { PAGES, VIEWS } from "./places.ts";

const PENDING_MS = 1500;

export interface Keyboard {
  /** `g` was pressed: a letter is expected. */
  readonly pending: ReadonlySignal<boolean>;
  /** Whether the list of shortcuts is shown. */
  readonly help: { value: boolean };
}

/** Shortcuts without modifiers, wherever nobody is writing. */
export function createKeyboard({ router, sessions, announcer }: App): Keyboard {
  const pending = signal(false);
  const help = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function expect(on: boolean): void {
    clearTimeout(timer);
    pending.value = on;
    if (on) timer = setTimeout(() => expect(false), PENDING_MS);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (sessions.current.peek() === null) return;
    if (isWriting(event.target)) return leaveField(event);
    const dialog = topDialog();
    if (dialog !== null && !dialog.classList.contains("drawer")) return;
    if (act(event.key, dialog)) event.preventDefault();
  }

  /** True where the key meant something. */
  function act(key: string, drawer: HTMLDialogElement | null): boolean {
    if (pending.peek()) {
      expect(false);
      return go(key);
    }
    if (key === "g") expect(true);
    else if (key === "?") help.value = true;
    else if (key === "/") return focusSearch(drawer ?? document);
    else if (key === "j" || key === "k") return moveRow(key === "j" ? 1 : -1, drawer !== null);
    else return false;
    return true;
  }

  function go(letter: string): boolean {
    const page = PAGES.find((page) => page.letter === letter);
    if (page !== undefined) location.assign(page.path);
    const view = VIEWS.flatMap(({ items }) => items).find((item) => item.letter === letter);
    if (view !== undefined) router.go(href(view.name));
    else if (page === undefined) announcer.speak(`No view has the letter ${letter}`);
    return true;
  }

  function moveRow(step: 1 | -1, drawerOpen: boolean): boolean {
    const rows = [...document.querySelectorAll<HTMLAnchorElement>("main a[data-row]")];
    const at = rows.findIndex((row) =>
      drawerOpen ? row.hash === location.hash : row === document.activeElement,
    );
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    if (next === undefined) return rows.length > 0;
    if (drawerOpen) router.go(next.hash);
    else next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  addEventListener("keydown", onKey);
  return { pending, help };
}

const topDialog = (): HTMLDialogElement | null =>
  [...document.querySelectorAll<HTMLDialogElement>("dialog[open]")].at(-1) ?? null;

function isWriting(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Esc leaves a field of the page, so that the letters mean something again; dialogs close by themselves. */
function leaveField(event: KeyboardEvent): void {
  if (event.key !== "Escape" || topDialog() !== null) return;
  const field = event.target as HTMLElement;
  if (field instanceof HTMLInputElement && field.value !== "" && field.type === "search") {
    field.value = "";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  } else field.blur();
  event.preventDefault();
}

function focusSearch(within: ParentNode): boolean {
  const field = within.querySelector<HTMLInputElement>("[data-search]");
  field?.focus();
  field?.select();
  return field !== null;
}
