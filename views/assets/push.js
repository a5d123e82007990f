// “Tell me in this browser”: there only where the browser can, and only on the site itself, not on a mirror of it.
const place = document.querySelector('.push')
const { origin } = place.dataset
const scope = '/subscriptions/push/'

const can =
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && location.origin === origin

// One of its paragraphs at a time: what is so, and what can be done.
const say = (state) => {
  for (const part of place.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== state
  place.hidden = false
}

const post = (path, facts) =>
  fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(facts) })

// By which push services know us.
let key = null

const current = async () => {
  const registration = await navigator.serviceWorker.getRegistration(scope)
  const subscription = await registration?.pushManager.getSubscription()
  return subscription && isOurs(subscription) ? subscription : null
}

// One that was made for another key, before ours was lost: nothing of ours gets through to it.
const isOurs = ({ options: { applicationServerKey } }) =>
  !applicationServerKey || String(new Uint8Array(applicationServerKey)) === String(key)

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.codePointAt(0))

// An old subscription under a key that is not ours any more is in the way of the new one.
const subscribed = async (registration) => {
  const options = { userVisibleOnly: true, applicationServerKey: key }
  const { pushManager } = registration
  try {
    return await pushManager.subscribe(options)
  } catch (error) {
    if (error.name !== 'InvalidStateError') throw error
    await (await pushManager.getSubscription())?.unsubscribe()
    return pushManager.subscribe(options)
  }
}

const ready = (registration) =>
  new Promise((resolve) => {
    const worker = registration.installing ?? registration.waiting
    if (registration.active || !worker) return resolve()
    worker.addEventListener('statechange', () => worker.state === 'activated' && resolve())
  })

const acts = {
  async start() {
    if ((await Notification.requestPermission()) !== 'granted') {
      return say(Notification.permission === 'denied' ? 'denied' : 'off')
    }
    const registration = await navigator.serviceWorker.register('/push.js', { scope })
    await ready(registration)
    const subscription = await subscribed(registration)
    const answer = await post('/subscriptions/push', {
      subscription,
      locale: document.documentElement.lang,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })
    if (answer.ok) return say('on')
    // What we were not told of, nobody is to expect anything from.
    await subscription.unsubscribe()
    say('failed')
  },
  async choose() {
    const subscription = await current()
    // It is written down within a second or two.
    for (const wait of [0, 1500, 3000]) {
      await new Promise((resolve) => setTimeout(resolve, wait))
      const answer = await post('/subscriptions/push/manage', { subscription })
      if (answer.ok) return location.assign((await answer.json()).url)
    }
    say('failed')
  },
  async stop() {
    const subscription = await current()
    const answer = subscription && (await post('/subscriptions/push/leave', { subscription }))
    await subscription?.unsubscribe()
    say(answer?.ok === false ? 'failed' : 'off')
  },
}

place.addEventListener('click', async ({ target }) => {
  const act = acts[target.dataset.do]
  if (!act) return
  target.disabled = true
  await act().catch(() => say('failed'))
  target.disabled = false
})

// Some browsers have all of it and still cannot: then there is nothing to offer.
if (can) {
  fetch('/subscriptions/push/key')
    .then(async (answer) => (key = bytes(await answer.text())))
    .then(current)
    .then(
      (subscription) => say(Notification.permission === 'denied' ? 'denied' : subscription ? 'on' : 'off'),
      () => {},
    )
}
