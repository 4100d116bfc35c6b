// How far a file has been sent.

document.addEventListener("htmx:beforeSend", (event) => {
  const shown = event.target.querySelector?.(".upload");
  if (!shown || !event.target.querySelector("input[data-max-bytes]")?.files.length) return;
  const bar = shown.querySelector("progress");
  const said = shown.querySelector(".upload-said");
  shown.hidden = false;
  event.detail.xhr.upload.addEventListener("progress", (step) => {
    bar.value = Math.floor((100 * step.loaded) / step.total);
    // Not every percent, which would be read aloud one by one.
    const tens = Math.floor(bar.value / 10) * 10;
    const text = bar.value >= 100 ? said.dataset.checking : `${tens}%`;
    if (said.textContent !== text) said.textContent = text;
  });
});

document.addEventListener("htmx:afterRequest", (event) => {
  const shown = event.target.querySelector?.(".upload");
  if (shown) shown.hidden = true;
});
