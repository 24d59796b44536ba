import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Button, LinkButton } from "../lib/button.tsx";
import { Failed } from "../lib/empty.tsx";
import { Mark } from "../lib/icon.tsx";
import { Announcements } from "../lib/live.tsx";
import { type Themes, ThemeSwitch } from "../lib/theme.tsx";
import { Desk } from "./desk.ts";
import { loadDocuments } from "./documents-load.ts";
import type { Fragment } from "./fragment.ts";
import { remembered } from "./memory.ts";
import { PaneCard } from "./pane-card.tsx";
import { TellCard } from "./tell-card.tsx";
import { TokenBar } from "./token-bar.tsx";
import { Translation } from "./translation.tsx";

interface AppProps {
  readonly origin: string;
  readonly fragment: Fragment;
  readonly themes: Themes;
}

/** The page once it knows what the server speaks; until then why it does not. */
export function App({ origin, fragment, themes }: AppProps): VNode {
  const desk = useSignal<Desk | null>(null);
  const fault = useSignal("");

  async function load(): Promise<void> {
    fault.value = "";
    try {
      desk.value = new Desk(origin, await loadDocuments(origin), remembered(), fragment);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      fault.value = `The server does not say what it speaks: ${why}. Is it running at ${origin}?`;
    }
  }
  useEffect(() => void load(), []);

  return (
    <>
      <a class="skip" href="#sockets">
        To the sockets
      </a>
      <Top themes={themes}>{desk.value === null ? null : <Tools desk={desk.value} />}</Top>
      <main class="try" aria-busy={desk.value === null && fault.value === ""}>
        <h1 class="spoken">Try the sockets of this server</h1>
        {fault.value === "" ? null : <Failed what={fault.value} onAgain={() => void load()} />}
        {desk.value === null ? null : <Bench desk={desk.value} />}
      </main>
      <Announcements />
    </>
  );
}

const Top = ({
  themes,
  children,
}: {
  readonly themes: Themes;
  readonly children: ComponentChildren;
}): VNode => (
  <header class="top">
    <div class="row grow">
      <Mark />
      <strong>Try it</strong>
      <span class="dim cut about">Speak and listen in every dialect of this server</span>
    </div>
    {children}
    <nav class="row" aria-label="Pages">
      <LinkButton kind="quiet" href="/console/">
        Console
      </LinkButton>
      <LinkButton kind="quiet" href="/docs">
        Docs
      </LinkButton>
      <ThemeSwitch themes={themes} />
    </nav>
  </header>
);

const Tools = ({ desk }: { readonly desk: Desk }): VNode => (
  <div class="row tools">
    {desk.panes.value.length > 1 ? null : (
      <Button icon="add" onClick={() => desk.addPane()}>
        Second pane
      </Button>
    )}
    <Button
      icon="play"
      kind="primary"
      disabled={desk.translated.value?.state === "running"}
      onClick={() => void desk.translate()}
    >
      See one event translated
    </Button>
  </div>
);

function Bench({ desk }: { readonly desk: Desk }): VNode {
  const panes = desk.panes.value;
  return (
    <>
      <TokenBar desk={desk} />
      <Translation desk={desk} />
      <div class={`bench panes-${panes.length}`} id="sockets" tabIndex={-1}>
        {panes.map((pane, at) => (
          <PaneCard
            key={pane.id}
            pane={pane}
            desk={desk}
            name={panes.length === 1 ? "Socket" : `Socket ${at + 1}`}
            onRemove={panes.length === 1 ? undefined : () => desk.removePane(pane)}
          />
        ))}
        {desk.telling === null ? null : <TellCard telling={desk.telling} desk={desk} />}
      </div>
    </>
  );
}
