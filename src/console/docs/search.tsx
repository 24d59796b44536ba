import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../lib/icon.tsx";
import type { Contracts } from "./loaded.ts";
import { type Hit, search, searchIndex } from "./search-index.ts";

/** A field with a list of what is found; `/` goes to it from anywhere. */
export function Search({ contracts }: { readonly contracts: Contracts | null }) {
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const index = useMemo(() => searchIndex(contracts), [contracts]);
  const hits = useMemo(() => search(index, query), [index, query]);
  useSlash(field);

  const close = (): void => {
    setOpen(false);
    setQuery("");
  };
  const go = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    location.hash = hit.href;
    close();
    field.current?.blur();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined && hits.length > 0) {
      event.preventDefault();
      setAt((at + move + hits.length) % hits.length);
    } else if (event.key === "Enter") go(hits[at]);
    else if (event.key === "Escape") {
      close();
      field.current?.blur();
    }
  };
  const shown = open && query.trim() !== "";
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={field}
        class="input"
        type="search"
        list={undefined}
        role="combobox"
        aria-label="Search the documentation"
        aria-expanded={shown}
        aria-controls="hits"
        aria-autocomplete="list"
        aria-activedescendant={shown && hits.length > 0 ? `hit-${at}` : undefined}
        placeholder="Search"
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={({ currentTarget }) => {
          setQuery(currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
        onFocus={() => setOpen(true)}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="hits" class="found" role="listbox" aria-label="Found" hidden={!shown || hits.length === 0}>
        {hits.map((hit, place) => (
          <li
            key={`${hit.href} ${hit.where}`}
            id={`hit-${place}`}
            role="option"
            aria-selected={place === at}
            // Before the field loses the focus, and the list with it.
            onMouseDown={(event) => {
              event.preventDefault();
              go(hit);
            }}
          >
            <span>{hit.title}</span> <span class="dim">{hit.where}</span>
          </li>
        ))}
      </ul>
      {shown && hits.length === 0 && <p class="found dim">Nothing has all of these words.</p>}
    </search>
  );
}

function useSlash(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && isTyping(event.target)) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [field]);
}

const isTyping = (element: HTMLElement): boolean =>
  element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
