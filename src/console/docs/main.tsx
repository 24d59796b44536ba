import { render } from "preact";
import { Docs } from "./docs.tsx";
import "./docs.css";

const app = document.getElementById("app");
if (app !== null) render(<Docs />, app);
