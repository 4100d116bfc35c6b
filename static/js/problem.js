// What htmx could not send or what was refused: said in the page, and what was typed stays.

const KINDS = {
  401: "signed-out",
  403: "refused",
  404: "gone",
  413: "too-big",
  503: "unavailable",
  507: "disk-full",
};

const say = (kind) => {
  const box = document.getElementById("problem");
  for (const part of box.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind;
  box.hidden = false;
};

document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("problem").hidden = true;
});
document.addEventListener("htmx:sendError", () => say("network"));
document.addEventListener("htmx:responseError", (event) => say(KINDS[event.detail.xhr.status] ?? "network"));
