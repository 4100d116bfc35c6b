// What is typed into a form with data-draft is kept in this browser until it is saved, and offered again after
// a crash, a lost line or a session that ended. The key names person, thing and form: nobody else is offered it.

const PREFIX = "ita-draft:";
const SIGNED_OUT = "ita-signed-out";
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "form-key", "version", "open_steps"]);

// A browser may refuse to keep anything.
const attempt = (act) => {
  try {
    return act();
  } catch {
    return undefined;
  }
};
const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
const write = (key, value) => attempt(() => localStorage.setItem(key, JSON.stringify(value)) ?? true);
const drop = (key) => attempt(() => localStorage.removeItem(key));
const keys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) ?? [];

const forms = () => document.querySelectorAll("form[data-draft]");
const keyOf = (form) => PREFIX + form.dataset.draft;
const versionOf = (form) => form.elements.namedItem("version")?.value ?? "";
const offerOf = (form) => document.querySelector(`[data-draft-for="${form.id}"]`);
const controlsOf = (form) =>
  [...form.elements].filter(
    (control) => control.name && !NOT_TYPED.has(control.name) && !["file", "submit"].includes(control.type),
  );

// As the server compares: one kind of line end, no space around a text.
const plain = (text) => text.replaceAll("\r\n", "\n").trim();
const chosen = (control, asSaved) => {
  if (["radio", "checkbox"].includes(control.type)) {
    return (asSaved ? control.defaultChecked : control.checked) ? control.value : "";
  }
  if (!asSaved) return control.value;
  if (control.tagName !== "SELECT") return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? "";
};
const values = (form, asSaved) => {
  const found = {};
  for (const control of controlsOf(form)) found[control.name] ||= plain(chosen(control, asSaved));
  return found;
};
const same = (one, other) =>
  Object.keys({ ...one, ...other }).every((name) => (one[name] ?? "") === (other[name] ?? ""));

const isFresh = (draft) => Date.now() - draft?.at < KEPT_FOR;
// A draft with what it was typed over, each for so many days from its own moment.
const fresh = (draft) => (isFresh(draft) ? { ...draft, older: fresh(draft.older) } : undefined);

// Forms that have been looked at, with the draft that waits for an answer.
const offered = new WeakMap();
const typedInto = new WeakSet();
const opened = Date.now();
let signsOut = false;

const keep = (form) => {
  if (signsOut || !typedInto.has(form) || (read(SIGNED_OUT) ?? 0) > opened) return;
  const older = fresh(offered.get(form));
  const typed = values(form);
  // A form that came back refused holds what nobody has saved.
  if (form.dataset.refused || !same(typed, values(form, true))) {
    if (!write(keyOf(form), { at: Date.now(), version: versionOf(form), values: typed, older })) return;
    form.dispatchEvent(new CustomEvent("draft:kept", { bubbles: true }));
  } else if (older) write(keyOf(form), older);
  else drop(keyOf(form));
};

const moment = (at, digits) => {
  const parts = {
    timeZone: "Asia/Bangkok",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  };
  return `${new Date(at).toLocaleString(`th-TH-u-ca-buddhist-nu-${digits}`, parts)} น.`;
};

const offer = (form, draft) => {
  const box = offerOf(form);
  if (!box || !draft) return;
  offered.set(form, draft);
  box.querySelector("[data-draft-when]").textContent = moment(draft.at, box.dataset.digits);
  box.querySelector("[data-draft-overtaken]").hidden = draft.version === versionOf(form);
  box.hidden = false;
};

const begin = (form) => {
  offered.set(form, undefined);
  const draft = fresh(read(keyOf(form)));
  if (form.dataset.refused) {
    typedInto.add(form);
    keep(form);
  } else if (draft && same(draft.values, values(form))) {
    // Saved by another way, or put back into the form by the browser itself.
    if (same(draft.values, values(form, true))) drop(keyOf(form));
    else typedInto.add(form);
  } else offer(form, draft);
};

const use = (form, draft) => {
  const saved = values(form, true);
  for (const control of controlsOf(form)) {
    const value = draft.values[control.name] ?? "";
    if (value === saved[control.name]) continue;
    if (["radio", "checkbox"].includes(control.type)) control.checked = control.value === value;
    else control.value = value;
  }
  // Saving compares with this version: what was saved since is shown beside it, and not written over.
  const version = form.elements.namedItem("version");
  if (version) version.value = draft.version;
  const folded = form.closest("details");
  if (folded) folded.open = true;
  const first = controlsOf(form).find((control) => control.matches("textarea, [type=text]"));
  first?.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draft-use], [data-draft-drop]");
  const box = button?.closest("[data-draft-for]");
  const form = box && document.getElementById(box.dataset.draftFor);
  if (!form) return;
  const draft = offered.get(form);
  offered.set(form, undefined);
  box.hidden = true;
  if (button.matches("[data-draft-use]")) use(form, draft);
  else {
    drop(keyOf(form));
    keep(form);
    offer(form, fresh(draft.older));
  }
});

let waiting = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  typedInto.add(form);
  clearTimeout(waiting);
  waiting = setTimeout(() => keep(form), 300);
});

const keepAll = () => forms().forEach(keep);
// A telephone may end a page that is out of sight without another word.
document.addEventListener("visibilitychange", keepAll);
window.addEventListener("pagehide", keepAll);

const beginAll = () => {
  for (const form of forms()) if (!offered.has(form)) begin(form);
};
// The answer to a save brings a new form; the answer to a tick, another version.
document.addEventListener("htmx:afterSettle", () => {
  beginAll();
  keepAll();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!event.detail.successful || !form?.matches("form[data-draft]")) return;
  typedInto.delete(form);
  drop(keyOf(form));
});

// Signing out leaves nothing to whoever comes next to this machine, nor do pages that are still open.
document.addEventListener("submit", (event) => {
  if (!event.target.matches('form[action$="/logout/"]')) return;
  signsOut = true;
  // First, so that there is room to tell the other pages.
  keys().forEach(drop);
  write(SIGNED_OUT, Date.now());
});

for (const key of keys()) {
  const kept = fresh(read(key));
  if (kept) write(key, kept);
  else drop(key);
}
beginAll();
