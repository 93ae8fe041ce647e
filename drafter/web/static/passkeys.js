// Passkeys. A form that carries data-options is shown only where the browser knows passkeys: it
// asks the device, puts the answer into the form, and sends it like any other form.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
  return described(made, {
    clientDataJSON: text(made.response.clientDataJSON),
    attestationObject: text(made.response.attestationObject),
  });
}

async function give(options) {
  const given = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    },
  });
  return described(given, {
    clientDataJSON: text(given.response.clientDataJSON),
    authenticatorData: text(given.response.authenticatorData),
    signature: text(given.response.signature),
    userHandle: given.response.userHandle ? text(given.response.userHandle) : null,
  });
}

const described = (credential, response) =>
  JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });

async function answer(form) {
  const asked = await fetch(form.dataset.options, {
    method: "POST",
    redirect: "manual",
    body: new FormData(form),
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (asked.type === "opaqueredirect") {
    location.assign(form.dataset.confirm); // signed in too long ago; the server keeps what was typed
    return false;
  }
  if (!asked.ok) throw new Error(form.dataset.tooOld);
  const options = await asked.json();
  form.elements.answer.value = await (form.dataset.passkey === "make" ? make : give)(options);
  return true;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const said = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      if (await answer(form)) form.submit();
    } catch (error) {
      said.textContent =
        error.name === "InvalidStateError"
          ? form.dataset.already
          : error.name === "NotAllowedError"
            ? form.dataset.unconfirmed
            : error.message;
    }
  });
}
