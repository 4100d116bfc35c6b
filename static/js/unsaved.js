// Leaving a page with something typed and not saved asks once.

const GUARDED = "form.edit-form, form.progress-form, form.evidence-form, form.comment-form";

document.addEventListener("input", (event) => {
  const form = event.target.closest(GUARDED);
  if (form) form.dataset.typed = "yes";
});

document.addEventListener("submit", (event) => delete event.target.dataset.typed);

// What could not be sent is still only here.
for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches(GUARDED)) event.target.dataset.typed = "yes";
  });
}

window.addEventListener("beforeunload", (event) => {
  const typed = [...document.querySelectorAll(GUARDED)].some((form) => form.dataset.typed);
  if (typed) event.preventDefault();
});
