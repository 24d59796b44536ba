import { render } from "preact";
import { Docs } from "./docs.tsx";

const app = document.getElementById("app");
if (app !== null) render(<Docs />, app);
