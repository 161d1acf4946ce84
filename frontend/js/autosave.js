// Each changed field is kept at once. Failing says so and tries again; sending the form never waits for it.
import { csrfToken, errorIn, fresh, word } from "./kit.js";

const PAUSES_SECONDS = [2, 5, 15, 30];

export function startAutosave(root) {
  for (const form of fresh(root, "form[data-autosave-url]", "hasAutosave")) {
    const saver = new Saver(form);
    form.addEventListener("change", (event) => saver.changed(event.target));
    window.addEventListener("online", () => saver.again());
  }
}

class Saver {
  constructor(form) {
    this.form = form;
    this.waiting = new Map(); // name of a field -> how often it was tried
    this.isBusy = false;
  }

  changed(control) {
    if (!control.name || control.type === "file" || control.closest("[data-no-autosave]")) return;
    // The parts of a date are kept together.
    const group = control.closest("[data-autosave-group]");
    const names = group ? [...group.querySelectorAll("[name]")].map((each) => each.name) : [control.name];
    names.forEach((name) => this.waiting.set(name, 0));
    this.next();
  }

  again() {
    if (this.waiting.size) this.next();
  }

  async next() {
    if (this.isBusy || !this.waiting.size) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    const [name, tries] = this.waiting.entries().next().value;
    this.waiting.delete(name);
    this.show("saving", word("saving"));
    const outcome = await this.send(name);
    this.isBusy = false;
    if (outcome === "again") {
      if (!this.waiting.has(name)) this.waiting.set(name, tries + 1);
      this.show("failed", word("retrying"));
      this.timer = setTimeout(() => this.next(), PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)] * 1000);
    } else if (this.waiting.size) {
      this.next();
    }
  }

  async send(name) {
    const body = new FormData();
    body.append("_field", name);
    for (const control of this.form.elements) {
      if (!control.name || control.disabled) continue;
      const isChoice = control.type === "checkbox" || control.type === "radio";
      if (control.name === name && (!isChoice || control.checked)) body.append(name, control.value);
      else if ("autosaveInclude" in control.dataset) body.append(control.name, control.value);
    }
    let response;
    try {
      response = await fetch(this.form.dataset.autosaveUrl, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": csrfToken(), "X-Autosave": "1", Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      return "again";
    }
    if (response.ok) {
      document.dispatchEvent(new CustomEvent("stadhuis:active"));
      this.show("saved", word("saved"));
      return "done";
    }
    // A redirect is the way to the log-in page.
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      this.show("failed", word("logIn"));
      return "done";
    }
    if (response.status >= 500 || response.status === 429) return "again";
    this.show("failed", `${word("notSaved")} ${await errorIn(response)}`);
    return "done";
  }

  show(state, text) {
    const place = this.form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    if (!place) return;
    place.dataset.state = state;
    if (place.textContent !== text) place.textContent = text;
  }
}
