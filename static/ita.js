// What the pages do beyond htmx. Everything works without this file; nothing here holds state.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("has-script");

  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  // A select that changes the address sends its form at once.
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
  });

  // A ready-made text goes to the clipboard; without a clipboard it is selected, for the keyboard.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    text.select();
    await navigator.clipboard?.writeText(text.value).catch(() => {});
    button.textContent = "คัดลอกแล้ว";
  });

  // The button says that it works, and cannot be pressed twice.
  const busy = (form, on) => {
    for (const button of form.querySelectorAll("button[data-busy]")) {
      if (on) button.dataset.idle ??= button.textContent;
      button.textContent = on ? button.dataset.busy : button.dataset.idle ?? button.textContent;
      button.setAttribute("aria-disabled", String(on));
    }
  };
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    else if (!event.target.hasAttribute("hx-post")) {
      event.target.dataset.sent = "yes";
      busy(event.target, true);
    }
  });
  // Back from another page: a form kept by the browser can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      busy(form, false);
    }
  });

  // A line on top moves when an answer takes longer than 300 ms.
  let waiting = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("form")) busy(event.target, true);
    document.getElementById("problem").hidden = true;
    waiting ||= setTimeout(() => root.classList.add("waiting"), 300);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(waiting);
    waiting = 0;
    root.classList.remove("waiting");
    if (event.target.matches("form")) busy(event.target, false);
  });

  // Signing in again in another tab changes the token; a form that was open before can still be saved.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = cookie("csrftoken");
    if (!token) return;
    event.detail.headers["X-CSRFToken"] = token;
    if (event.detail.parameters.has?.("csrfmiddlewaretoken")) {
      event.detail.parameters.set("csrfmiddlewaretoken", token);
    }
  });

  // What htmx could not send or what was refused: said in the page, and what was typed stays.
  const problem = (kind) => {
    const box = document.getElementById("problem");
    for (const part of box.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind;
    box.hidden = false;
  };
  document.addEventListener("htmx:sendError", () => problem("network"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    problem({ 401: "signed-out", 403: "refused", 404: "gone", 413: "too-big", 507: "disk-full" }[status] ?? "network");
  });

  // A file that is too big is not sent: the person hears it at once, not after minutes.
  const tooBig = (input) => {
    const big = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
    document.getElementById("evidence-too-big").hidden = !big;
    return big;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-max-bytes]")) tooBig(event.target);
  });
  document.addEventListener("submit", (event) => {
    const input = event.target.querySelector("input[data-max-bytes]");
    if (!input || !tooBig(input)) return;
    // Before htmx hears of it.
    event.preventDefault();
    event.stopPropagation();
    input.focus();
  }, { capture: true });

  // How far a file has been sent.
  document.addEventListener("htmx:beforeSend", (event) => {
    const shown = event.target.querySelector?.(".upload");
    if (!shown || !event.target.querySelector("input[data-max-bytes]")?.files.length) return;
    const bar = shown.querySelector("progress");
    const said = shown.querySelector(".upload-said");
    shown.hidden = false;
    event.detail.xhr.upload.addEventListener("progress", (step) => {
      bar.value = Math.floor((100 * step.loaded) / step.total);
      // Not every percent, which would be read aloud one by one.
      const tens = Math.floor(bar.value / 10) * 10;
      const text = bar.value >= 100 ? said.dataset.checking : `${tens}%`;
      if (said.textContent !== text) said.textContent = text;
    });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const shown = event.target.querySelector?.(".upload");
    if (shown) shown.hidden = true;
  });

  // Leaving a page with something typed and not saved asks once.
  const guarded = "form.edit-form, form.progress-form, form.evidence-form";
  const typed = () => [...document.querySelectorAll(guarded)].some((form) => form.dataset.typed);
  document.addEventListener("input", (event) => {
    const form = event.target.closest(guarded);
    if (form) form.dataset.typed = "yes";
  });
  document.addEventListener("submit", (event) => delete event.target.dataset.typed);
  // What could not be sent is still only here.
  for (const kind of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.matches(guarded)) event.target.dataset.typed = "yes";
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (typed()) event.preventDefault();
  });
})();
