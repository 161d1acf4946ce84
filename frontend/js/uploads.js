// Files go up one by one, with a bar that shows how far; without script the form takes them along.
import { csrfToken, fresh, say, word } from "./kit.js";

export function startUploads(root) {
  for (const field of fresh(root, "[data-upload-url]", "hasUploads")) {
    const input = field.querySelector("input[type=file]");
    input.addEventListener("change", async () => {
      const files = [...input.files];
      // The form must not send them a second time.
      input.value = "";
      // What was refused before has been read; a new choice starts afresh.
      for (const line of field.querySelectorAll(".upload--failed")) line.remove();
      for (const file of files) await upload(field, input, file);
    });
  }
}

async function upload(field, input, file) {
  const line = document.createElement("div");
  line.className = "upload";
  const name = document.createElement("span");
  name.textContent = `${word("uploading")} ${file.name}`;
  const share = document.createElement("span");
  const bar = document.createElement("progress");
  bar.className = "upload__bar";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  line.append(name, share, bar);
  field.querySelector("[data-upload-progress]").append(line);

  const answer = await send(field.dataset.uploadUrl, input.name, file, (percent) => {
    bar.value = percent;
    share.textContent = `${percent}%`;
  });
  if (answer.error === undefined) {
    const fresh = new DOMParser().parseFromString(answer.html, "text/html").querySelector("[data-file-list]");
    if (fresh) field.querySelector("[data-file-list]").replaceWith(fresh);
    line.remove();
    say(`${word("uploaded")} ${file.name}`);
    document.dispatchEvent(new CustomEvent("stadhuis:active"));
    return;
  }
  line.className = "upload upload--failed";
  line.textContent = `${file.name}: ${answer.error}`;
  say(line.textContent, { now: true });
}

function send(url, field, file, onProgress) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("field", field);
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "text/html, application/json;q=0.9");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100));
    });
    request.addEventListener("load", () => {
      const isHtml = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
      if (request.status < 300 && isHtml && request.responseText.includes("data-file-list")) {
        resolve({ html: request.responseText });
        return;
      }
      let error = request.status === 413 ? word("tooLarge") : word("uploadFailed");
      try {
        error = JSON.parse(request.responseText).error || error;
      } catch {
        // Not JSON: the general sentence will do.
      }
      resolve({ error });
    });
    request.addEventListener("error", () => resolve({ error: word("uploadFailed") }));
    request.send(body);
  });
}
