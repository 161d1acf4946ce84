// Everything here adds to pages that work without it. docs/components.md lists the data attributes.
import htmx from "htmx.org";
import { csrfToken } from "./kit.js";
import { startAutosave } from "./autosave.js";
import { startConditions } from "./conditions.js";
import { startGuard } from "./guard.js";
import { startPasskeys } from "./passkeys.js";
import { startPolling } from "./poll.js";
import { startSession } from "./session.js";
import { startSmallThings } from "./small.js";
import { startUploads } from "./uploads.js";

document.documentElement.classList.add("has-script");

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

startGuard();
startSession();
startSmallThings();
startPasskeys();

// What htmx or a poll puts into the page wakes up in the same way.
htmx.onLoad((root) => {
  startConditions(root);
  startAutosave(root);
  startUploads(root);
  startPolling(root, htmx);
});
