// A password can be read while it is typed, and is hidden again before it is sent.

const show = (button, on) => {
  document.getElementById(button.dataset.show).type = on ? "text" : "password";
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("span").textContent = on ? "ซ่อน" : "แสดง";
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-show]");
  if (button) show(button, button.getAttribute("aria-pressed") !== "true");
});

document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("button[data-show]")) show(button, false);
});
