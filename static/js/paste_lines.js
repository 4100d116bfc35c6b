// Lines pasted into a step become steps: the server takes off their numbers and finds their levels.

const NUMBERED = /^\s*(?:ข้อ\s*|ขั้นตอน(?:ที่)?\s*)?[(]?[0-9๐-๙]{1,2}(?:[.)]|\.[0-9๐-๙])|^\s*[-–•●▪]\s*\S/;

let pasted = false;

document.addEventListener("paste", (event) => {
  if (!event.target.closest?.("[data-rows=steps] .row")) return;
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  pasted = text.includes("\n") || (!event.target.value && NUMBERED.test(text));
});

// The text stands in the field first, so that nothing is lost where the server cannot be reached.
document.addEventListener("input", (event) => {
  if (!pasted) return;
  pasted = false;
  const list = event.target.closest("[data-rows=steps]");
  const row = event.target.closest(".row");
  const button = list?.querySelector("[data-split]");
  if (!row || !button) return;
  button.value = `steps:split:${[...row.parentElement.children].indexOf(row)}`;
  const form = button.form;
  // What is typed while the answer is on its way would go with the old rows.
  form.inert = true;
  const failed = () => {
    form.inert = false;
    event.target.focus();
  };
  button.addEventListener("htmx:sendError", failed, { once: true });
  button.addEventListener("htmx:responseError", failed, { once: true });
  button.click();
});
