import { render } from "preact";
import { createThemes } from "../lib/theme.tsx";
import { App } from "./app.tsx";
import { readFragment } from "./fragment.ts";

const fragment = readFragment(location.hash);
// A token stays in no address bar, history or picture of the screen.
if (location.hash !== "") history.replaceState(null, "", location.pathname);

const app = document.getElementById("app");
if (app !== null) render(<App origin={location.origin} fragment={fragment} themes={createThemes()} />, app);
