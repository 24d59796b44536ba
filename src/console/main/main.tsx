import { render, type VNode } from "preact";
import { useEffect } from "preact/hooks";
import { AnnouncerContext } from "../lib/live.tsx";
import { type App, AppContext, createApp } from "./app.ts";
import "./console.css";
import { createKeyboard, type Keyboard } from "./keyboard.ts";
import { Shell } from "./shell.tsx";
import { SignIn } from "./views/sign-in.tsx";

function Console({ app, keyboard }: { readonly app: App; readonly keyboard: Keyboard }): VNode {
  const signedIn = app.sessions.current.value !== null;
  useEffect(() => {
    if (!signedIn) document.title = "Sign in · Dragoman";
  }, [signedIn]);
  return (
    <AppContext.Provider value={app}>
      <AnnouncerContext.Provider value={app.announcer}>
        {signedIn ? <Shell keyboard={keyboard} /> : <SignIn />}
      </AnnouncerContext.Provider>
    </AppContext.Provider>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  const app = createApp();
  render(<Console app={app} keyboard={createKeyboard(app)} />, root);
}
