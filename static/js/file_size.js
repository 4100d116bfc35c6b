// Files that are too big, together, are not sent: the person hears it at once, not after minutes.

const isTooBig = (input) => {
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const big = size > Number(input.dataset.maxBytes);
  document.getElementById("evidence-too-big").hidden = !big;
  return big;
};

document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-max-bytes]")) isTooBig(event.target);
});

const refuse = (event) => {
  const input = event.target.querySelector("input[data-max-bytes]");
  if (!input || !isTooBig(input)) return;
  event.preventDefault();
  event.stopPropagation();
  input.focus();
};

// While the event is on its way down to the form: before htmx, and everybody else here, hears of it.
document.addEventListener("submit", refuse, { capture: true });
