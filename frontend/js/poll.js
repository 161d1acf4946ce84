// Asks now and then whether a part of the page has changed. An ETag makes the usual answer empty.
import { fresh } from "./kit.js";

export function startPolling(root, htmx) {
  for (const part of fresh(root, "[data-poll-url]", "hasPoll")) {
    let etag = "";
    const seconds = Math.max(5, Number(part.dataset.pollSeconds) || 30);
    const timer = setInterval(async () => {
      if (!part.isConnected) {
        clearInterval(timer);
        return;
      }
      // Who is busy in this part is not disturbed.
      if (document.visibilityState !== "visible" || part.contains(document.activeElement)) return;
      try {
        const response = await fetch(part.dataset.pollUrl, {
          headers: { "HX-Request": "true", "X-Stadhuis-Background": "1", ...(etag && { "If-None-Match": etag }) },
          redirect: "manual",
          cache: "no-store",
        });
        if (response.status !== 200) return;
        etag = response.headers.get("ETag") ?? "";
        htmx.swap(part, await response.text(), { swapStyle: "innerHTML" });
      } catch {
        // Next time better; the page stays as it is.
      }
    }, seconds * 1000);
  }
}
