import type { ComponentType, VNode } from "preact";
import { Empty } from "../lib/empty.tsx";
import { Page } from "./parts/page.tsx";
import { Connections } from "./views/connections.tsx";
import { Events } from "./views/events.tsx";
import { Inbox } from "./views/inbox.tsx";
import { Keys } from "./views/keys.tsx";
import { Overview } from "./views/overview.tsx";
import { Rooms } from "./views/rooms.tsx";
import { SecurityLog } from "./views/security-log.tsx";
import { Settings } from "./views/settings.tsx";
import { Tokens } from "./views/tokens.tsx";
import { Users } from "./views/users.tsx";

const COMPONENTS: Readonly<Record<string, ComponentType>> = {
  overview: Overview,
  connections: Connections,
  rooms: Rooms,
  events: Events,
  users: Users,
  inbox: Inbox,
  tokens: Tokens,
  keys: Keys,
  security: SecurityLog,
  settings: Settings,
};

/** The view of an address. */
export function View({ name }: { readonly name: string }): VNode {
  const Component = Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
  return Component === undefined ? <Nothing name={name} /> : <Component />;
}

const Nothing = ({ name }: { readonly name: string }): VNode => (
  <Page title="Not found">
    <Empty icon="search" title={`The console has no view “${name}”`}>
      <p>
        The navigation has them all; <kbd>?</kbd> shows the keys.
      </p>
    </Empty>
  </Page>
);
