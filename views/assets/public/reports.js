// “This affects me too”, without leaving the page. Elsewhere than on the site itself the form leads there.
import { main } from './page.js'
import { say } from './news.js'

export const askInPlace = () => main.addEventListener('submit', send)

const send = async (event) => {
  const form = event.target
  const { thanks } = form.dataset
  if (!thanks || new URL(form.action).origin !== location.origin) return
  event.preventDefault()
  const body = new URLSearchParams(new FormData(form))
  const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(
    () => 0,
  )
  if (!answer.ok) return form.submit()
  form.replaceChildren(thanks)
  say(thanks)
}
