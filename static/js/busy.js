// The button says that it works, and a form is not sent twice.

const setBusy = (form, on) => {
  for (const button of form.querySelectorAll("button[data-busy]")) {
    if (on) button.dataset.idle ??= button.textContent;
    button.textContent = on ? button.dataset.busy : (button.dataset.idle ?? button.textContent);
    button.setAttribute("aria-disabled", String(on));
  }
};

document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (!event.target.hasAttribute("hx-post")) {
    event.target.dataset.sent = "yes";
    setBusy(event.target, true);
  }
});

// Back from another page: a form kept by the browser can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    setBusy(form, false);
  }
});

// htmx keeps the page, and with it the form.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("form")) setBusy(event.target, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("form")) setBusy(event.target, false);
});
