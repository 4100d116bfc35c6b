// The field of the reason is there as soon as the chosen status needs one; what was written stays in view.

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  const field = form?.querySelector("[data-reason-for]");
  if (!field) return;
  const status = form.querySelector("[name=status]:checked")?.value;
  const needed = field.dataset.reasonFor.split(" ").includes(status);
  const text = field.querySelector("textarea");
  field.hidden = !needed && !text.value.trim() && text !== document.activeElement;
  field.querySelector(".optional").hidden = needed;
});
