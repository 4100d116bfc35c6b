// A table that is pasted goes to the server as the table that it is: its text alone has lost which lines stand in
// one cell. What is typed or pasted beside it afterwards counts as text again.

// In bytes, with the text: a form may be a little larger.
const LARGEST = 2_300_000;
// What says where a cell stands, how a list is numbered, and what is hidden.
const ATTRIBUTES = new Set(
  "colspan rowspan class hidden type start value reversed checked selected alt bgcolor".split(" "),
);
const LOOKS = /^\s*(?:display|visibility|white-space|background|list-style|mso-hide|mso-list)/i;

const field = document.querySelector("[data-paste-table]");
const table = document.querySelector("[data-pasted-table]");
const told = document.querySelector("[data-pasted-told]");

// Nothing of it is run or loaded: the document is never shown. Its styles bear other names meanwhile, as the
// content security policy of this page would be asked about them.
const renamed = (html) => html.replace(/<(\/?)style\b/gi, "<$1xmp").replace(/\sstyle\s*=/gi, " data-looks=");
const restored = (html) => html.replace(/<(\/?)xmp\b/g, "<$1style").replaceAll(" data-looks=", " style=");

const tableOf = (html, text) => {
  const page = new DOMParser().parseFromString(renamed(html), "text/html");
  if (!page.querySelector("table")) return "";
  page.querySelectorAll("script, svg, object, iframe, link").forEach((element) => element.remove());
  page.querySelectorAll("*").forEach((element) => {
    const looks = (element.getAttribute("data-looks") ?? "").split(";").filter((each) => LOOKS.test(each));
    [...element.attributes].forEach(({ name }) => ATTRIBUTES.has(name) || element.removeAttribute(name));
    if (looks.length) element.setAttribute("data-looks", looks.join(";"));
  });
  const sent = `<!doctype html>${restored(page.documentElement.outerHTML)}`;
  return new Blob([sent, text]).size <= LARGEST ? sent : "";
};

const keep = (html) => {
  table.value = html;
  told.hidden = !html;
};

if (field && table && told) {
  let pasted = null;

  field.addEventListener("paste", (event) => {
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const read = (type) => event.clipboardData?.getData(type) ?? "";
    pasted = whole ? tableOf(read("text/html"), read("text/plain")) : "";
  });

  // A paste is followed by an input of its own.
  field.addEventListener("input", () => {
    keep(pasted ?? "");
    pasted = null;
  });

  // A browser that comes back to the page may have kept the text alone.
  keep(field.value ? table.value : "");
}
