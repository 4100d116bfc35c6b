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
    problem(status === 401 ? "signed-out" : status === 403 ? "refused" : status === 404 ? "gone" : "network");
  });

  // Leaving a page with something typed and not saved asks once.
  const typed = () => document.querySelector("form.edit-form[data-typed], form.progress-form[data-typed]");
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.edit-form, form.progress-form");
    if (form) form.dataset.typed = "yes";
  });
  document.addEventListener("submit", (event) => delete event.target.dataset.typed);
  window.addEventListener("beforeunload", (event) => {
    if (typed()) event.preventDefault();
  });
})();
