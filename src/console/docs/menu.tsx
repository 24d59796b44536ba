import { DIALECT_GUIDES, GUIDE_GROUPS, guideNamed, sectionsOf, titleOf } from "./guides.ts";
import type { Contracts } from "./loaded.ts";
import { hrefOf, type PageKind, type Route } from "./route.ts";
import { Words } from "./words.tsx";

interface Entry {
  readonly title: string;
  readonly href: string;
  readonly current: boolean;
  /** What is on the page, where it is the current one. */
  readonly parts: readonly { readonly id: string; readonly title: string }[];
}

/** The way through the documentation, with what is on the current page. */
export function Menu({
  route,
  contracts,
  open,
}: {
  readonly route: Route;
  readonly contracts: Contracts | null;
  readonly open: boolean;
}) {
  const [guides, reference, migration] = GUIDE_GROUPS;
  const is = (page: PageKind, name: string): boolean => route.page === page && route.name === name;
  const guide = (name: string): Entry => {
    const content = guideNamed(name) ?? [];
    const current = is("guide", name);
    return {
      title: titleOf(content),
      href: hrefOf("guide", name),
      current,
      parts: current ? sectionsOf(content).filter(({ level }) => level === 2) : [],
    };
  };
  const events: Entry = {
    title: "Events",
    href: hrefOf("events"),
    current: route.page === "events",
    parts: [],
  };
  return (
    <nav id="menu" class={`menu ${open ? "open" : ""}`} aria-label="Documentation">
      <Group title={guides.title} entries={guides.names.map(guide)} />
      <Group
        title="WebSocket"
        entries={Object.keys(DIALECT_GUIDES).map((name) => dialect(name, is("websocket", name)))}
      />
      {contracts !== null && (
        <Group
          title="HTTP"
          entries={contracts.tags.map(({ name, operations }) => {
            const current = is("http", name);
            const parts = operations.map(({ id, summary }) => ({ id, title: summary.replace(/\.$/, "") }));
            return { title: name, href: hrefOf("http", name), current, parts: current ? parts : [] };
          })}
        />
      )}
      <Group title={reference.title} entries={[events, ...reference.names.map(guide)]} />
      <Group title={migration.title} entries={migration.names.map(guide)} />
    </nav>
  );
}

/** Parts of a dialect's page that are made from the contract. */
export const DIALECT_PARTS = [
  { id: "sockets", title: "Sockets" },
  { id: "try", title: "Try it" },
  { id: "sent", title: "What clients send" },
  { id: "heard", title: "What clients hear" },
] as const;

function dialect(name: string, current: boolean): Entry {
  const own = sectionsOf(DIALECT_GUIDES[name] ?? []).filter(({ level }) => level === 2);
  return {
    title: name,
    href: hrefOf("websocket", name),
    current,
    parts: current ? [...own, ...DIALECT_PARTS] : [],
  };
}

function Group({ title, entries }: { readonly title: string; readonly entries: readonly Entry[] }) {
  const id = `menu-${title.replaceAll(" ", "-")}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {entries.map(({ title: name, href, current, parts }) => (
          <li key={href}>
            <a href={href} aria-current={current ? "page" : undefined}>
              {name}
            </a>
            {parts.length > 0 && (
              <ul>
                {parts.map((part) => (
                  <li key={part.id}>
                    <a href={`${href}/${encodeURIComponent(part.id)}`}>
                      <Words text={part.title} />
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
