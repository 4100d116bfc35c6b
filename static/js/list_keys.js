// Keys of the plan list. They can be turned off, and what is typed into a field is never taken for one.

const OFF = "list-keys-off";
const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
// On a Thai keyboard the same keys write other letters.
const PLACES = { Slash: ["/", "?"], KeyJ: ["j", "j"], KeyK: ["k", "k"], KeyX: ["x", "x"] };

const search = () => document.querySelector(".plan-filters input[type=search]");
const dialog = () => document.getElementById("keys");
const isOff = () => localStorage.getItem(OFF) === "yes";

const meant = (event) => {
  const thai = /[\u0E00-\u0E7F]/u.test(event.key);
  return thai ? PLACES[event.code]?.[Number(event.shiftKey)] : event.key.toLowerCase();
};

const move = (by) => {
  const links = [...document.querySelectorAll(".plan-table .list-link")];
  const row = document.activeElement.closest("tbody.measure-row");
  const here = links.findIndex((link) => row?.contains(link));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
};

const open = () => {
  document.getElementById("keys-on").checked = !isOff();
  dialog().showModal();
};

const ACTIONS = {
  "/": () => search()?.focus(),
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest("tbody.measure-row")?.querySelector("input[name=measure]")?.click(),
  "?": open,
};

document.addEventListener("keydown", (event) => {
  if (!dialog() || dialog().open || isOff()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.matches(TYPED))
    return;
  const action = ACTIONS[meant(event)];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("a[href='#keys']")) return;
  event.preventDefault();
  open();
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "keys-on") return;
  if (event.target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});
