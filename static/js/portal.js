// Enhancements only: every page works without this file.
import { initAll } from "../built/govuk-frontend.min.js";
import "./exit.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
