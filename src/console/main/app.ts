import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Announcer, createAnnouncer } from "../lib/live.tsx";
import { createThemes, type Themes } from "../lib/theme.tsx";
import { type Api, createApi } from "./data/api.ts";
import { createHttp } from "./data/http.ts";
import { createLink, type Link } from "./data/link.ts";
import { createRouter, type Router } from "./data/router.ts";
import { createSessions, type Sessions } from "./data/session.ts";
import type { CommandLine } from "./data/types.ts";

/** All that the console knows outside its views. */
export interface App {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly link: Link;
  readonly router: Router;
  readonly announcer: Announcer;
  readonly themes: Themes;
  /** How the server's commands are typed; null where it does not know, undefined until it was asked. */
  readonly commandLine: Signal<CommandLine | null | undefined>;
}

export function createApp(): App {
  const announcer = createAnnouncer();
  const sessions = createSessions();
  const link = createLink(answers);
  const http = createHttp({
    proof: () => sessions.current.peek()?.proof ?? null,
    away: (why) => link.away(why),
    refused: (why) => sessions.end(why),
  });
  return {
    api: createApi(http),
    sessions,
    link,
    router: createRouter(),
    announcer,
    themes: createThemes(),
    commandLine: signal(),
  };
}

const answers = async (): Promise<boolean> => {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
};

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("The console's parts live inside an AppContext.");
  return app;
}
