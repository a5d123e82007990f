// “This browser” as a way to be called: asks it, puts what it answers into the form, and sends the form. What is right is
// judged by the server alone.
{
  const scope = '/admin/me/alerts/'
  const can = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
  if (can) for (const offer of document.querySelectorAll('[data-needs-push]')) offer.hidden = false

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))

  const troubles = {
    denied: 'This browser was told not to show anything from here. Its settings for this page can change that.',
    elsewhere: 'A browser can only be asked at the address of the page itself.',
    failed: 'This browser could not be reached by its maker’s service. Try it again, or choose another way.',
  }
  const complain = (trouble) => {
    const place = document.querySelector('[data-push-fault]')
    place.textContent = troubles[trouble]
    place.hidden = false
  }

  const activated = (registration) =>
    new Promise((resolve) => {
      const worker = registration.installing ?? registration.waiting
      if (registration.active || !worker) return resolve()
      worker.addEventListener('statechange', () => worker.state === 'activated' && resolve())
    })

  // One under a key that is not ours any more is in the way of the new one.
  const subscribed = async ({ pushManager }, key) => {
    const options = { userVisibleOnly: true, applicationServerKey: bytes(key) }
    try {
      return await pushManager.subscribe(options)
    } catch (error) {
      if (error.name !== 'InvalidStateError') throw error
      await (await pushManager.getSubscription())?.unsubscribe()
      return pushManager.subscribe(options)
    }
  }

  const ask = async (form) => {
    const { pushKey, pushOrigin } = form.dataset
    if (!can || location.origin !== pushOrigin) return complain('elsewhere')
    if ((await Notification.requestPermission()) !== 'granted') return complain('denied')
    const registration = await navigator.serviceWorker.register('/push.js', { scope })
    await activated(registration)
    form.elements.subscription.value = JSON.stringify(await subscribed(registration, pushKey))
    form.submit()
  }

  const form = document.querySelector('form[data-push-key]')
  form?.addEventListener('submit', (event) => {
    // As it came back from a refusal, or from “who are you”: it was asked already.
    if (form.elements.subscription.value !== '') return
    event.preventDefault()
    ask(form).catch(() => complain('failed'))
  })
}
