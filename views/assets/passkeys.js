// Passkeys: asks the browser for one, puts what it answers into the form, and sends the form. What is right is judged
// by the server alone.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const withBytes = (list = []) => list.map((each) => ({ ...each, id: toBytes(each.id) }))

/** Browsers before 2025 do not read options as JSON by themselves. */
function optionsFor(how, json) {
  if (how === 'create') {
    if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json)
    const user = { ...json.user, id: toBytes(json.user.id) }
    return { ...json, user, challenge: toBytes(json.challenge), excludeCredentials: withBytes(json.excludeCredentials) }
  }
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(json)
  return { ...json, challenge: toBytes(json.challenge), allowCredentials: withBytes(json.allowCredentials) }
}

/** Nor do they write what they answer. */
function answerOf(credential) {
  if (credential.toJSON) return credential.toJSON()
  const { id, type, response } = credential
  const answer = { clientDataJSON: toText(response.clientDataJSON) }
  if (response.attestationObject) {
    answer.attestationObject = toText(response.attestationObject)
    answer.transports = response.getTransports?.() ?? []
  } else {
    answer.authenticatorData = toText(response.authenticatorData)
    answer.signature = toText(response.signature)
    if (response.userHandle) answer.userHandle = toText(response.userHandle)
  }
  return { id, rawId: toText(credential.rawId), type, response: answer, clientExtensionResults: {} }
}

async function ask(form) {
  const { passkey: how, options } = form.dataset
  const token = form.querySelector('[name="token"]').value
  const answered = await fetch(options, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ token }),
  })
  // Whatever else the server has to say, it says on a page.
  if (!answered.headers.get('content-type')?.startsWith('application/json')) return form.submit()
  const publicKey = optionsFor(how, await answered.json())
  const credential = await navigator.credentials[how]({ publicKey })
  form.querySelector('[data-answer]').value = JSON.stringify(answerOf(credential))
  form.submit()
}

const troubles = {
  NotAllowedError: 'Nothing was done: it was cancelled, or took too long.',
  InvalidStateError: 'This device has a passkey of yours already.',
}

const hasPasskeys = 'PublicKeyCredential' in window && isSecureContext
for (const element of document.querySelectorAll('[data-needs-passkeys]')) element.hidden = !hasPasskeys
for (const element of document.querySelectorAll('[data-lacks-passkeys]')) element.hidden = hasPasskeys
for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.hidden = !hasPasskeys
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const trouble = form.querySelector('[data-trouble]')
    trouble.textContent = ''
    try {
      await ask(form)
    } catch (error) {
      trouble.textContent = troubles[error.name] ?? 'That did not work. Try again, or take another way.'
    } finally {
      delete form.dataset.sent
    }
  })
}

/** Codes that are shown once: copied and printed with one tap. */
const codes = document.querySelector('[data-copy-list]')
for (const button of document.querySelectorAll('[data-copy-codes], [data-print]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    if ('print' in button.dataset) return window.print()
    await navigator.clipboard?.writeText([...codes.querySelectorAll('code')].map((it) => it.textContent).join('\n'))
    button.textContent = 'Copied'
  })
}
