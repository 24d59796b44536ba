import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../lib/button.tsx";
import { classes } from "../lib/classes.ts";
import { Drawer } from "../lib/dialog.tsx";
import { Icon, Mark } from "../lib/icon.tsx";
import { Announcements } from "../lib/live.tsx";
import { ThemeSwitch } from "../lib/theme.tsx";
import { useApp } from "./app.ts";
import { Banner } from "./banner.tsx";
import { href } from "./data/router.ts";
import type { Keyboard } from "./keyboard.ts";
import { type Destination, PAGES, VIEWS } from "./places.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { View } from "./view.tsx";

/** What surrounds every view of whoever is signed in. */
export function Shell({ keyboard }: { readonly keyboard: Keyboard }): VNode {
  const { api, commandLine, link, router } = useApp();
  const [menu, setMenu] = useState(false);
  const { view } = router.place.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  // Whoever goes somewhere else starts at its head; a page just opened leaves the focus alone.
  useEffect(() => {
    setMenu(false);
    if (!first.current) main.current?.querySelector<HTMLElement>("h1")?.focus();
    first.current = false;
  }, [view]);

  // Again when the server comes back: it may be another one.
  const { value: returns } = link.returns;
  useEffect(() => {
    const ending = new AbortController();
    api.settings(ending.signal).then(
      ({ commands }) => {
        commandLine.value = commands;
      },
      // Then the views offer no commands; that the server fails they say themselves.
      () => {},
    );
    return () => ending.abort();
  }, [returns]);

  return (
    <div class={classes("shell", keyboard.pending.value && "pending")}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="bar">
        <IconButton label="Menu" icon="menu" kind="quiet" onClick={() => setMenu(true)} />
        <Brand />
      </header>
      <div class="side">
        <header>
          <Brand />
        </header>
        <Navigation current={view} />
        <Foot keyboard={keyboard} />
      </div>
      <div class="stage">
        <Banner />
        <main class="sheet" ref={main} tabIndex={-1}>
          <View key={view} name={view} />
        </main>
      </div>
      {menu ? (
        <Drawer title="Dragoman" onClose={() => setMenu(false)}>
          <Navigation current={view} />
          <Foot keyboard={keyboard} />
        </Drawer>
      ) : null}
      {keyboard.help.value ? <Shortcuts onClose={() => (keyboard.help.value = false)} /> : null}
      <Announcements />
    </div>
  );
}

const Brand = (): VNode => (
  <a class="brand" href="#/overview">
    <Mark />
    Dragoman
  </a>
);

const Navigation = ({ current }: { readonly current: string }): VNode => (
  <nav aria-label="Console">
    {VIEWS.map(({ title, items }) => (
      <section key={title}>
        <h2>{title}</h2>
        <ul>
          {items.map((item) => (
            <li key={item.name}>
              <a href={href(item.name)} aria-current={item.name === current ? "page" : undefined}>
                <Inside {...item} />
              </a>
            </li>
          ))}
        </ul>
      </section>
    ))}
    <section>
      <h2>Tools</h2>
      <ul>
        {PAGES.map((page) => (
          <li key={page.name}>
            <a href={page.path}>
              <Inside {...page} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  </nav>
);

const Inside = ({ icon, label, letter }: Destination): VNode => (
  <>
    <Icon name={icon} />
    <span class="grow">{label}</span>
    <kbd aria-hidden="true">{letter}</kbd>
  </>
);

function Foot({ keyboard }: { readonly keyboard: Keyboard }): VNode {
  const { sessions, themes } = useApp();
  const session = sessions.current.value;
  return (
    <footer class="foot">
      <p class="cut small" title={session?.name}>
        <span class="dim">Signed in as </span>
        {session?.name}
      </p>
      <div class="row">
        <Button size="small" kind="quiet" icon="leave" onClick={() => sessions.end(null)}>
          Sign out
        </Button>
        <span class="grow" />
        <IconButton
          size="small"
          kind="quiet"
          icon="keyboard"
          label="Keyboard shortcuts"
          onClick={() => (keyboard.help.value = true)}
        />
        <ThemeSwitch themes={themes} />
      </div>
    </footer>
  );
}
