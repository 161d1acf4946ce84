// Tells before the session ends, lets one stay, and shows the way back after it. Tabs share what they know.
import { csrfToken, say, word } from "./kit.js";

const WARN_SECONDS = 120;

export function startSession() {
  const total = Number(document.body.dataset.sessionSeconds);
  const bar = document.getElementById("session-bar");
  if (!total || !bar) return;
  const text = bar.querySelector("[data-session-text]");
  const stay = bar.querySelector("[data-session-stay]");
  const login = bar.querySelector("[data-session-login]");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`session:${document.body.dataset.sessionUrl}`) : null;
  let last = Date.now();
  let said = 0;

  const active = (tell = true) => {
    last = Date.now();
    said = 0;
    bar.hidden = true;
    stay.hidden = false;
    login.hidden = true;
    if (tell) channel?.postMessage("active");
  };
  channel?.addEventListener("message", () => active(false));
  document.addEventListener("stadhuis:active", () => active());
  document.body.addEventListener("htmx:afterRequest", (event) => event.detail.successful && active());
  active();

  stay.addEventListener("click", async () => {
    try {
      const response = await fetch(document.body.dataset.sessionUrl, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        redirect: "manual",
      });
      if (response.ok) {
        active();
        say(word("extended"));
      } else {
        ended();
      }
    } catch {
      say(word("retrying"), { now: true });
    }
  });

  const ended = () => {
    bar.hidden = false;
    text.textContent = word("ended");
    stay.hidden = true;
    login.hidden = false;
    if (said !== -1) say(word("ended"), { now: true });
    said = -1;
  };

  // The clock of the machine and not a counter: a laptop that slept has missed the ticks.
  setInterval(() => {
    const left = Math.round(total - (Date.now() - last) / 1000);
    if (left <= 0) {
      ended();
    } else if (left <= Math.min(WARN_SECONDS, total / 2)) {
      const minutes = Math.ceil(left / 60);
      text.textContent =
        left <= 45
          ? word("secondsLeft").replace("{n}", left)
          : minutes === 1
            ? word("minuteLeft")
            : word("minutesLeft").replace("{n}", minutes);
      bar.hidden = false;
      // Aloud only when it begins and half a minute before the end.
      const stage = left <= 30 ? 2 : 1;
      if (said < stage) say(text.textContent, { now: true });
      said = Math.max(said, stage);
    }
  }, 1000);
}
