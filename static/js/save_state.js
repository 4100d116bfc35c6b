// A form says where what was typed is: not saved, kept in this browser, on its way. Once saved, the server says so.

const say = (form, text) => {
  const state = form?.querySelector("[data-save-state]");
  if (state && state.textContent.trim() !== text) state.textContent = text;
};

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (!form?.querySelector('[data-save-state="kept"]')) say(form, "ยังไม่บันทึก");
});

document.addEventListener("draft:kept", (event) => {
  // While it is on its way, that it is saved is what one waits for.
  if (!event.target.classList.contains("htmx-request")) say(event.target, "ร่างเก็บไว้ในเครื่องแล้ว");
  const state = event.target.querySelector("[data-save-state]");
  if (state) state.dataset.saveState = "kept";
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("form")) say(event.target, "กำลังบันทึก…");
});

for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.matches("form")) return;
    const kept = event.target.querySelector('[data-save-state="kept"]');
    say(event.target, kept ? "ยังไม่บันทึก ร่างเก็บไว้ในเครื่องแล้ว" : "ยังไม่บันทึก");
  });
}
