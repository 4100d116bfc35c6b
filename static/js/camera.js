// A telephone's camera takes the evidence: the form for it opens with the picture chosen.

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-camera]");
  if (!button) return;
  const input = document.getElementById(button.dataset.camera);
  input.closest("details").open = true;
  const accept = input.accept;
  input.accept = "image/*";
  input.setAttribute("capture", "environment");
  input.click();
  input.removeAttribute("capture");
  input.accept = accept;
});
