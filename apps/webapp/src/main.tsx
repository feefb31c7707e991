import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { takeCode } from "#lib/address.ts";
import { followTheme } from "#lib/theme.ts";
import { App } from "./app.tsx";
import "./app.css";

// Before anything is drawn or sent: the code must not stay in the address bar or the history.
const code = takeCode();
followTheme();

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App code={code} />
  </StrictMode>,
);
