// Signing in again in another tab changes the token; a form that was open before can still be saved.

const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  // With HTTPS the site names it as this host's own.
  const token = cookie("__Host-csrftoken") || cookie("csrftoken");
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token;
  if (event.detail.parameters.has?.("csrfmiddlewaretoken")) {
    event.detail.parameters.set("csrfmiddlewaretoken", token);
  }
});
