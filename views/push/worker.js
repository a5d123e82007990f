// Shows what happened, although no page of ours is open. It controls no page and keeps nothing.
addEventListener('push', (event) => event.waitUntil(show(read(event.data))))

const read = (data) => {
  try {
    return data.json()
  } catch {
    return {}
  }
}

// Browsers take the permission away from who shows nothing, so that even what cannot be read is shown as something.
const show = ({ title = location.host, body = '', url = '/', tag = 'page', lang = '', dir = 'auto', urgency }) =>
  registration.showNotification(title, {
    body,
    lang,
    dir,
    tag,
    renotify: urgency !== 'low',
    silent: urgency === 'low',
    requireInteraction: urgency === 'critical',
    icon: '/favicon.svg',
    data: { url },
  })

addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.url))
})

// A page of ours that shows it already comes to the front; no notification leads anywhere else.
const open = async (url) => {
  const target = new URL(url ?? '/', location.origin)
  if (target.origin !== location.origin) return
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = pages.find((page) => page.url.split('#')[0] === target.href.split('#')[0])
  await (there ? there.focus() : clients.openWindow(target.href))
}

// Browsers change by themselves where they take messages: what was chosen goes along.
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(moved(event)))

const moved = async ({ oldSubscription, newSubscription }) => {
  const options = oldSubscription?.options
  const subscription = newSubscription ?? (options && (await registration.pushManager.subscribe(options)))
  if (!subscription) return
  await fetch('/subscriptions/push', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      subscription,
      instead: oldSubscription ?? undefined,
      locale: navigator.language,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
  })
}
