// A second press on the button sends nothing; coming back to the page, or waiting, makes it work again.
import { word } from "./kit.js";

const WAIT_MILLISECONDS = 20_000;

export function startGuard() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-guard]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    const button = event.submitter;
    // aria-disabled and not disabled: a disabled button loses the focus, and its name and value would not be sent.
    if (button) {
      button.setAttribute("aria-disabled", "true");
      const text = button.querySelector(".button__text");
      if (text) {
        button.keptText = text.innerHTML;
        text.textContent = button.dataset.busy || word("busy");
      }
    }
    setTimeout(() => release(form), WAIT_MILLISECONDS);
  });
  // The browser may show the page again as it was left.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button[aria-disabled=true]").forEach((button) => {
    button.removeAttribute("aria-disabled");
    const text = button.querySelector(".button__text");
    if (text && button.keptText !== undefined) text.innerHTML = button.keptText;
  });
}
