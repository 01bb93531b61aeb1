// Asks the browser for a passkey when a form is sent that has what to ask in data-options, and
// sends the answer with it.
for (const form of document.querySelectorAll('form[data-passkey]')) {
  const said = form.querySelector('[role=alert]');
  const credential = form.querySelector('input[name=credential]');
  form.addEventListener('submit', async (event) => {
    if (credential.value !== '') return;
    event.preventDefault();
    said.hidden = true;
    try {
      const { publicKey } = JSON.parse(form.dataset.options);
      const made = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      credential.value = JSON.stringify(made.toJSON());
      form.submit();
    } catch (problem) {
      said.textContent = `${said.dataset.failed} (${problem.name})`;
      said.hidden = false;
    }
  });
}
