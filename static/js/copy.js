// A ready-made text goes to the clipboard; without a clipboard it is selected, for the keyboard.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  text.select();
  await navigator.clipboard?.writeText(text.value).catch(() => {});
  button.textContent = "คัดลอกแล้ว";
});
