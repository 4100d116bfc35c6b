// Ticked measures of the plan list: how many they are, all of them at once, and those that a filter hides stay ticked.

const form = () => document.getElementById("change-many");
const boxes = (within = document) => [...within.querySelectorAll("input[type=checkbox][name=measure]")];
const away = () => [...form().querySelectorAll("input[type=hidden][name=measure]")];

const show = () => {
  if (!form()) return;
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  for (const box of document.querySelectorAll("[data-tick-all]")) {
    box.checked = ticked > 0 && ticked === all.length;
    box.indeterminate = ticked > 0 && ticked < all.length;
  }
  const words = form().querySelector("[data-chosen]");
  const digits = new Intl.NumberFormat(form().dataset.digits);
  const hidden = away().length;
  const said = [words.dataset.chosen.replace("#", digits.format(ticked + hidden))];
  if (hidden) said.push(words.dataset.away.replace("#", digits.format(hidden)));
  words.textContent = ticked + hidden ? said.join(" ") : "";
  document.getElementById("chosen-said").textContent = words.textContent;
};

const keep = (value) => {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "measure", value });
  form().append(field);
};

const tickAll = (on) => {
  for (const box of boxes()) box.checked = on;
  if (!on) for (const field of away()) field.remove();
};

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) tickAll(event.target.checked);
  if (event.target.matches("[data-tick-all], input[name=measure]")) show();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-none]")) return;
  event.preventDefault();
  tickAll(false);
  show();
});

// What is about to leave the page is remembered in the form, and ticked again once it is back.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!form() || !event.detail.shouldSwap) return;
  for (const box of boxes(event.detail.target)) if (box.checked) keep(box.value);
});
document.addEventListener("htmx:afterSettle", () => {
  if (!form()) return;
  const shown = new Map(boxes().map((box) => [box.value, box]));
  for (const field of away()) {
    const box = shown.get(field.value);
    if (!box) continue;
    box.checked = true;
    field.remove();
  }
  show();
});

// The browser keeps the ticks of a page to which one goes back.
window.addEventListener("pageshow", show);
