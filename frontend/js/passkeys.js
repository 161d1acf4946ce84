// Passkeys: making one on 'Mijn account', and logging in with one. Without this script one logs in with password and code.
import { csrfToken, say } from "./kit.js";

const bytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
};
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

async function post(url, body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body ?? {}),
  });
  let answer = {};
  try {
    answer = await response.json();
  } catch {
    // An answer that is no JSON is treated as a failure below.
  }
  return { ok: response.ok, answer };
}

function fail(place, reason) {
  let line = place.querySelector("[data-passkey-error]");
  if (!line) {
    line = document.createElement("p");
    line.dataset.passkeyError = "";
    line.className = "field__error";
    place.append(line);
  }
  line.textContent = reason || place.dataset.failed;
  say(line.textContent, { now: true });
}

async function logIn(place) {
  const { ok, answer: options } = await post(place.dataset.passkeyOptions);
  if (!ok) return fail(place);
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: [] },
  });
  const { response } = credential;
  const { ok: isIn, answer } = await post(place.dataset.passkeyLogin, {
    next: place.dataset.next,
    answer: {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: response.userHandle ? text(response.userHandle) : null,
      },
    },
  });
  if (!isIn) return fail(place, answer.error);
  window.location.assign(answer.to);
}

async function add(place) {
  const { ok, answer: options } = await post(place.dataset.passkeyOptions);
  if (options.confirm) return window.location.assign(place.dataset.confirm);
  if (!ok) return fail(place, options.error);
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((each) => ({ ...each, id: bytes(each.id) })),
    },
  });
  const { response } = credential;
  const { ok: isKept, answer } = await post(place.dataset.passkeyAdd, {
    name: place.querySelector("input")?.value ?? "",
    answer: {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
      },
    },
  });
  if (!isKept) return fail(place, answer.error);
  window.location.assign(answer.to);
}

export function startPasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const place of document.querySelectorAll("[data-passkey-login], [data-passkey-add]")) {
    place.hidden = false;
    const deed = "passkeyLogin" in place.dataset ? logIn : add;
    place.querySelector("button").addEventListener("click", async (event) => {
      const button = event.currentTarget;
      button.disabled = true;
      try {
        await deed(place);
      } catch {
        // Cancelled, timed out, or no authenticator at hand.
        fail(place);
      } finally {
        button.disabled = false;
      }
    });
  }
}
