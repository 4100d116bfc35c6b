// Lists of rows (steps, divisions) are arranged at once, by the rules of core/row_formset.py; the form is sent in
// the order in which it stands. Without this file the same buttons ask the server.

const BUTTON = "button[name=arrange]";
const MARKS = { up: "ย้ายขึ้นแล้ว", down: "ย้ายลงแล้ว", remove: "จะลบเมื่อบันทึก กดเอากลับได้", restore: "เอากลับแล้ว" };

const control = (row) => row.querySelector(".row-main textarea, .row-main input, .row-main select");
const field = (row, name) => row.querySelector(`input[type=hidden][name$="-${name}"]`);
const isRemoved = (row) => Boolean(field(row, "DELETE")?.value);
const typedLevel = (row) => (field(row, "level")?.value === "2" ? 2 : 1);
// A removed row goes along with the row above it.
const level = (row) => (isRemoved(row) ? 2 : typedLevel(row));

const blockEnd = (rows, start) => {
  let end = start + 1;
  if (level(rows[start]) === 1) while (end < rows.length && level(rows[end]) === 2) end += 1;
  return end;
};

// The rows that change places with the block that begins at an index; empty where it cannot move.
const above = (rows, index) => {
  if (index === 0) return [];
  let start = index - 1;
  if (level(rows[index]) === 1) while (start > 0 && level(rows[start]) === 2) start -= 1;
  else if (start === 0) return [];
  return rows.slice(start, index);
};

const below = (rows, index) => {
  const start = blockEnd(rows, index);
  if (start === rows.length) return [];
  return rows.slice(start, level(rows[index]) === 1 ? blockEnd(rows, start) : start + 1);
};

const listOf = (element) => element.closest("[data-rows]");
const rowsOf = (list) => [...list.querySelector("ol").children];

// --- What follows from the order: names, numbers, which buttons can be pressed ----------------------------------

const inDigits = (list, text) => text.replace(/\d/g, (digit) => list.dataset.digits[digit]);

const renumber = (list) => {
  const first = Number(list.querySelector("[name=first_step]")?.value) || 1;
  const hasLevels = Boolean(list.querySelector(".row-level"));
  let top = first - 1;
  let under = 0;
  for (const row of rowsOf(list)) {
    let number = "";
    let isUnder = hasLevels && typedLevel(row) === 2;
    if (!isRemoved(row)) {
      isUnder &&= top >= first;
      if (isUnder) under += 1;
      else [top, under] = [top + 1, 0];
      number = isUnder ? `${top}.${under}` : `${top}.`;
    }
    row.querySelector("[data-number]").textContent = inDigits(list, number);
    row.classList.toggle("row-under", isUnder);
    for (const [way, hidden] of [
      ["in", isUnder],
      ["out", !isUnder],
    ]) {
      const button = row.querySelector(`button[value*=":${way}:"]`);
      if (button) button.hidden = hidden;
    }
  }
};

const reindex = (list) => {
  const name = list.dataset.rows;
  const rows = rowsOf(list);
  const old = new RegExp(`(${name}[-:](?:[a-z]+:)?)(?:\\d+|__prefix__)`);
  for (const [index, row] of rows.entries()) {
    for (const element of row.querySelectorAll(`[name],[id],[for],[value^="${name}:"],[aria-describedby]`)) {
      for (const attribute of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(old, `$1${index}`));
      }
      if (element.matches(BUTTON)) element.value = element.value.replace(old, `$1${index}`);
    }
    for (const place of row.querySelectorAll("[data-position]")) {
      place.textContent = inDigits(list, String(index + 1));
    }
  }
  list.querySelector(`[name="${name}-TOTAL_FORMS"]`).value = rows.length;
  if (rows[0] && field(rows[0], "level")) field(rows[0], "level").value = "1";
  for (const [index, row] of rows.entries()) {
    row.querySelector('button[value*=":up:"]').disabled = above(rows, index).length === 0;
    row.querySelector('button[value*=":down:"]').disabled = below(rows, index).length === 0;
    const inwards = row.querySelector('button[value*=":in:"]');
    if (inwards) inwards.disabled = index === 0;
  }
  renumber(list);
};

// --- What a button does -------------------------------------------------------------------------------------

const add = (list) => {
  const copy = list.querySelector("template").content.cloneNode(true).firstElementChild;
  list.querySelector("ol").append(copy);
  return copy;
};

const show = (row) => {
  const removed = isRemoved(row);
  row.classList.toggle("row-removed", removed);
  for (const part of row.querySelectorAll(".row-main, .row-moves, .row-remove")) part.hidden = removed;
  for (const part of row.querySelectorAll(".row-gone, .row-restore")) part.hidden = !removed;
  const typed = control(row);
  row.querySelector("[data-gone]").textContent = typed.selectedOptions?.[0].text ?? typed.value;
};

const remove = (row) => {
  const isBlank = !control(row).value.trim() && !field(row, "id")?.value;
  if (!isBlank) {
    field(row, "DELETE").value = "1";
    show(row);
    return row.querySelector(".row-restore");
  }
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const list = listOf(row);
  row.remove();
  return (next && control(next)) ?? list.querySelector(`button[value*=":add:"]`);
};

const restore = (row) => {
  field(row, "DELETE").value = "";
  show(row);
  return control(row);
};

// The others change places: what is dragged or has the focus stays where it is in the document.
const move = (row, way) => {
  const rows = rowsOf(listOf(row));
  const index = rows.indexOf(row);
  const others = way === "up" ? above(rows, index) : below(rows, index);
  if (way === "up") rows[blockEnd(rows, index) - 1].after(...others);
  else row.before(...others);
  return others.length > 0;
};

const changed = (list, said = "") => {
  reindex(list);
  list.querySelector("[data-said]").textContent = said;
  list.closest("form").dataset.typed = "yes";
};

const arrange = (list, action, row) => {
  let focus;
  if (action === "add") focus = control(add(list));
  else if (action === "remove") focus = remove(row);
  else if (action === "restore") focus = restore(row);
  else if (action === "in" || action === "out") field(row, "level").value = action === "in" ? "2" : "1";
  else move(row, action);
  changed(list, MARKS[action]);
  focus ??= row.querySelector(`button[value*=":${action}:"]:enabled:not([hidden])`);
  focus ??= row.querySelector(".row-moves button:enabled:not([hidden])");
  focus?.focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(BUTTON);
  const list = button && listOf(button);
  if (!list || button.matches("[data-split]")) return;
  const action = button.value.split(":")[1];
  // The server says that the list is full.
  if (action === "add" && rowsOf(list).length >= Number(list.dataset.most)) return;
  event.preventDefault();
  arrange(list, action, button.closest(".row"));
});

document.addEventListener("input", (event) => {
  if (event.target.name === "first_step" && listOf(event.target)) renumber(listOf(event.target));
});

// --- With the keyboard out of a field, and by dragging ------------------------------------------------------------

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };

document.addEventListener("keydown", (event) => {
  const row = event.altKey && KEYS[event.key] && event.target.closest?.("[data-rows] .row");
  if (!row || event.target !== control(row)) return;
  const button = row.querySelector(`button[value*=":${KEYS[event.key]}:"]:enabled:not([hidden])`);
  event.preventDefault();
  if (!button) return;
  button.click();
  event.target.focus();
});

const EDGE = 60;
let dragged;

const middle = (rows) => {
  const [first, last] = [rows[0].getBoundingClientRect(), rows.at(-1).getBoundingClientRect()];
  return (first.top + last.bottom) / 2;
};

const drag = (event) => {
  if (event.clientY < EDGE) scrollBy(0, -12);
  else if (event.clientY > innerHeight - EDGE) scrollBy(0, 12);
  const list = listOf(dragged);
  for (let moved = true; moved;) {
    const rows = rowsOf(list);
    const index = rows.indexOf(dragged);
    const [before, after] = [above(rows, index), below(rows, index)];
    if (before.length > 0 && event.clientY < middle(before)) moved = move(dragged, "up");
    else if (after.length > 0 && event.clientY > middle(after)) moved = move(dragged, "down");
    else moved = false;
    if (moved) changed(list);
  }
};

const drop = () => {
  dragged?.classList.remove("row-dragged");
  dragged = undefined;
  document.removeEventListener("pointermove", drag);
};

document.addEventListener("pointerdown", (event) => {
  const handle = event.button === 0 && event.target.closest?.("[data-handle]");
  if (!handle || isRemoved(handle.closest(".row"))) return;
  event.preventDefault();
  dragged = handle.closest(".row");
  dragged.classList.add("row-dragged");
  document.addEventListener("pointermove", drag);
});
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);
