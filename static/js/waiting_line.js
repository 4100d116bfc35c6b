// A line on top moves when an answer takes longer than 300 ms.

const root = document.documentElement;
let waiting = 0;

document.addEventListener("htmx:beforeRequest", () => {
  waiting ||= setTimeout(() => root.classList.add("waiting"), 300);
});

document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(waiting);
  waiting = 0;
  root.classList.remove("waiting");
});
