// Comfort for who writes: what they will see, and that nothing of it is lost. Both work without it, by buttons.

const composers = document.querySelectorAll('form[data-composer]')

/** What they will see, beside the composer, made by the server that will show it. */
function follow(form, box) {
  const body = box.querySelector('[data-preview-body]')
  let timer = 0
  let latest = 0
  const show = async () => {
    const turn = ++latest
    try {
      const response = await fetch(box.dataset.preview, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
      })
      if (!response.ok || turn !== latest) return
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const seen = page.querySelector('#seen')
      if (!seen || turn !== latest) return
      document.dispatchEvent(new CustomEvent('composer:previewed', { detail: page }))
      const [whom, here] = [page.querySelector('#whom'), form.querySelector('[data-whom]')]
      if (whom && here && here.textContent !== whom.textContent) here.textContent = whom.textContent
      const chosen = [...body.querySelectorAll('input:checked, details[open]')].map(({ id }) => id)
      body.replaceChildren(...seen.childNodes)
      for (const id of chosen) {
        const element = document.getElementById(id)
        if (element) element[element instanceof HTMLDetailsElement ? 'open' : 'checked'] = true
      }
      box.hidden = false
    } catch {
      // Without the network there is no preview; the form itself says so when it is sent.
    }
  }
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(show, 250)
  })
  form.addEventListener('composer:changed', show)
  if (form.elements.namedItem('body')?.value || form.elements.namedItem('incident')) void show()
}

/** Who will hear of it, where the form itself decides that. */
function recount(form, here) {
  let timer = 0
  let latest = 0
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const turn = ++latest
      const response = await fetch(here.dataset.whom, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
      }).catch(() => null)
      if (!response?.ok || turn !== latest) return
      const whom = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('#whom')
      if (whom && turn === latest && here.textContent !== whom.textContent) here.textContent = whom.textContent
    }, 250)
  })
}

/** Keeps the words a moment after each pause, and whenever the page is left; tells who else writes here. */
function keep(form) {
  const field = (name) => form.elements.namedItem(name)
  const status = form.querySelector('[data-saved]')
  const beside = (what) => document.querySelector(`[data-${what}="${field('scratch').value}"]`)
  const seen = () => field('seen')?.value ?? ''
  let saved = serialised()
  let timer = 0
  let sending = false
  let over = false

  function serialised() {
    const fields = new URLSearchParams(new FormData(form))
    fields.delete('scratchVersion')
    fields.delete('token')
    return fields.toString()
  }

  const save = async ({ leaving = false } = {}) => {
    const now = serialised()
    if (over || now === saved || (sending && !leaving)) return
    sending = true
    try {
      const response = await fetch('/admin/scratches', {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams(new FormData(form)),
        keepalive: leaving,
      })
      if (response.status === 401)
        return say('Not saved: you are signed out. Sign in in another window, your words stay here.')
      // The session is another one than the page’s: the next try has its token.
      if (response.status === 403) return await look()
      // Also where an owner asks for a second factor meanwhile: then a page comes instead of an answer.
      if (!response.ok || response.redirected) return say('Not saved yet. It is tried again while you write.')
      tell(await response.json(), now)
    } catch {
      say('Not saved: no connection. It is tried again while you write.')
    } finally {
      sending = false
    }
  }

  const look = async () => {
    const query = new URLSearchParams({ scratch: field('scratch').value, seen: seen() })
    const response = await fetch(`/admin/scratches?${query}`, { headers: { accept: 'application/json' } }).catch(
      () => null,
    )
    if (response?.ok && !response.redirected) tell(await response.json(), null)
  }

  function tell({ outcome, version, said, elsewhere, others, news, token }, sent) {
    if (over) return
    field('token').value = token
    if (outcome === 'kept') saved = sent
    // What another window saved is shown, and from then on this window's words count.
    if (outcome) field('scratchVersion').value = String(version)
    if (said) say(said)
    if (elsewhere !== null) showOther({ name: 'You', words: 'wrote this in another window:', body: elsewhere })
    else if (outcome !== 'elsewhere') showOthers(others)
    const box = beside('news')
    if (box) {
      box.textContent = news ?? ''
      box.hidden = !news
    }
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words
  }

  const company = beside('company')
  function showOthers(others) {
    const known = JSON.stringify(others)
    if (!company || company.dataset.known === known) return
    company.dataset.known = known
    const open = new Set([...company.querySelectorAll('details[open]')].map((one) => one.dataset.name))
    company.replaceChildren()
    for (const other of others) showOther(other, open.has(other.name))
  }
  function showOther({ name, words, body }, isOpen = true) {
    const details = document.createElement('details')
    const summary = document.createElement('summary')
    const line = document.createElement('span')
    const who = document.createElement('strong')
    const quote = document.createElement('blockquote')
    details.dataset.name = name
    details.open = isOpen
    who.textContent = name
    line.append(who, ` ${words}`)
    summary.append(line)
    quote.className = 'quote'
    quote.textContent = body || 'No words yet.'
    details.append(summary, quote)
    company?.append(details)
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(save, 1500)
  })
  form.addEventListener('submit', () => (over = true))
  window.addEventListener('pageshow', () => (over = false))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void save({ leaving: true })
  })
  window.addEventListener('pagehide', () => void save({ leaving: true }))
  setInterval(() => {
    if (document.visibilityState === 'hidden' || over) return
    void (serialised() === saved ? look() : save())
  }, 10_000)
}

/** A template goes into the form without the page coming again; what was written before stays. */
function beginWith(choice, form) {
  const select = choice.querySelector('select')
  choice.querySelector('button').hidden = true
  select.addEventListener('change', async () => {
    if (!select.value) return
    const response = await fetch(`${location.pathname}?${new URLSearchParams({ template: select.value })}`).catch(
      () => null,
    )
    // Without the network the page comes again, or the browser says why not.
    if (!response?.ok) return choice.submit()
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const places = page.querySelector('[data-places]')
    const here = form.querySelector('[data-places]')
    if (!places?.dataset.template || !here) return
    for (const [name, words] of Object.entries(JSON.parse(places.dataset.template))) {
      const field = form.elements.namedItem(name)
      if (field) field.value = name === 'body' && field.value.trim() ? `${field.value.trim()}\n\n${words}` : words
    }
    here.replaceWith(places)
    ;(places.querySelector('input') ?? form.elements.namedItem('body')).focus()
    form.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

for (const composer of composers) {
  const choice = document.querySelector('[data-templates]')
  if (choice) beginWith(choice, composer)
  const box = document.querySelector('[data-preview]')
  if (box) follow(composer, box)
  const counted = composer.querySelector('[data-whom]')
  if (counted?.dataset.whom) recount(composer, counted)
  if (composer.elements.namedItem('scratch')) keep(composer)
}
