// The focus on the error summary, printing, copying, filters that send themselves, a second press to be sure.
import { say, word } from "./kit.js";

export function startSmallThings() {
  document.querySelector("[data-error-summary]")?.focus();

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    if (link) {
      const control = document.getElementById(link.hash.slice(1));
      if (control) {
        event.preventDefault();
        (control.closest(".field") ?? control).scrollIntoView({ block: "start" });
        control.focus({ preventScroll: true });
      }
    }
    if (event.target.closest("[data-print]")) window.print();
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => say(word("copied")));
    const careful = event.target.closest("[data-confirm-step]");
    if (careful && !careful.dataset.asked) {
      event.preventDefault();
      careful.dataset.asked = "1";
      const text = careful.querySelector(".button__text") ?? careful;
      const before = text.textContent;
      text.textContent = word("sure");
      say(word("sure"), { now: true });
      careful.addEventListener(
        "blur",
        () => {
          text.textContent = before;
          delete careful.dataset.asked;
        },
        { once: true },
      );
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && event.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit();
  });
}
