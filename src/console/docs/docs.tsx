import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { IconButton } from "../lib/button.tsx";
import { Announcements } from "../lib/live.tsx";
import { createThemes, ThemeSwitch } from "../lib/theme.tsx";
import { DialectPage } from "./dialect.tsx";
import { EventsPage } from "./events.tsx";
import { guideNamed } from "./guides.ts";
import { contractsOf, type Loaded, useContracts } from "./loaded.ts";
import { Markdown } from "./markdown.tsx";
import { Menu } from "./menu.tsx";
import { Missing } from "./notes.tsx";
import { ProofProvider, useStoredProof } from "./proof.tsx";
import { hrefOf, type Route, useRoute } from "./route.ts";
import { Search } from "./search.tsx";
import { TagPage } from "./tag.tsx";

/** The whole page: head, menu, and what the address names. */
export function Docs() {
  const route = useRoute();
  const loaded = useContracts();
  const proof = useStoredProof();
  const themes = useMemo(createThemes, []);
  const [menu, setMenu] = useState(false);
  useEffect(() => setMenu(false), [route]);
  return (
    <ProofProvider value={proof}>
      <a class="skip" href="#main" onClick={(event) => skip(event)}>
        Skip to the text
      </a>
      <header>
        <IconButton
          class="menu-button"
          label="Menu"
          icon={menu ? "close" : "menu"}
          kind="quiet"
          aria-expanded={menu}
          aria-controls="menu"
          onClick={() => setMenu(!menu)}
        />
        <a class="brand" href={hrefOf("guide", "start")}>
          Dragoman <span>documentation</span>
        </a>
        <Search contracts={contractsOf(loaded)} />
        <nav aria-label="Other pages" class="elsewhere">
          <a href="/websocket_test.html">Try it</a>
          <a href="/console/">Console</a>
          <ThemeSwitch themes={themes} />
        </nav>
      </header>
      <div class="columns">
        <Menu route={route} contracts={contractsOf(loaded)} open={menu} />
        <Main route={route} loaded={loaded} />
      </div>
      <Announcements />
    </ProofProvider>
  );
}

/** The address stays what it is: it names the page. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Main({ route, loaded }: { readonly route: Route; readonly loaded: Loaded }) {
  const main = useRef<HTMLElement>(null);
  const ready = contractsOf(loaded) !== null;
  useEffect(() => {
    const heading = main.current?.querySelector("h1")?.textContent ?? "";
    document.title = heading === "" ? "Dragoman: documentation" : `${heading} · Dragoman`;
    const target = route.part === null ? null : document.getElementById(route.part);
    if (target === null) scrollTo(0, 0);
    else target.scrollIntoView();
    target?.focus({ preventScroll: true });
  }, [route, ready]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      <Page key={`${route.page}/${route.name}`} route={route} loaded={loaded} />
    </main>
  );
}

function Page({ route, loaded }: { readonly route: Route; readonly loaded: Loaded }) {
  switch (route.page) {
    case "guide": {
      const guide = guideNamed(route.name);
      if (guide === null) return <Missing what="guide" name={route.name} />;
      return <Markdown content={guide} hrefOfHeading={(id) => hrefOf("guide", route.name, id)} />;
    }
    case "websocket":
      return <DialectPage name={route.name} loaded={loaded} />;
    case "http":
      return <TagPage name={route.name} loaded={loaded} part={route.part} />;
    case "events":
      return <EventsPage loaded={loaded} />;
  }
}
