// Small things that the other modules share.

export const csrfToken = () =>
  document.querySelector("meta[name=csrf-token]")?.content ??
  document.querySelector("input[name=csrfmiddlewaretoken]")?.value ??
  "";

// The words stand in the page, in its own language.
export const word = (name) => document.getElementById("words")?.dataset[name] ?? "";

// Says something to who cannot see it: politely, or at once.
export function say(text, { now = false } = {}) {
  const region = document.getElementById(now ? "alarm" : "status");
  if (!region) return;
  region.textContent = "";
  // A region that gets the same text twice is only read again when it was empty in between.
  setTimeout(() => (region.textContent = text), 50);
}

// Every element in or at a root, each only once per module.
export function* fresh(root, selector, mark) {
  const found = root.matches?.(selector) ? [root] : [];
  for (const element of [...found, ...root.querySelectorAll(selector)]) {
    if (element[mark]) continue;
    element[mark] = true;
    yield element;
  }
}

export async function errorIn(response) {
  try {
    const body = await response.clone().json();
    return body.error ?? body.detail ?? "";
  } catch {
    return "";
  }
}
