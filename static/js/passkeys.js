// A passkey is made or asked for by the browser; what it answers is sent in the form's hidden field.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

const create = async (options) => {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    },
  };
};

const get = async (options) => {
  const found = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    clientExtensionResults: found.getClientExtensionResults(),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
};

document.addEventListener("click", async (event) => {
  const form = event.target.closest("[data-passkey-go]")?.closest("form[data-passkey]");
  if (!form) return;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const options = JSON.parse(form.dataset.options).publicKey;
    const answer = await (form.dataset.passkey === "create" ? create : get)(options);
    form.querySelector("input[name=credential]").value = JSON.stringify(answer);
    form.requestSubmit();
  } catch {
    failed.hidden = false;
  }
});
