// Verifies the ledger in the browser, with the same program that runs with Node. Words come from the page.
import { ledgerOf, verifyLedger } from './verify.js'

const form = document.querySelector('form.verify')
const { dataset } = form
const result = form.querySelector('output')
const [file, headFile] = form.querySelectorAll('input[type=file]')

/** The six kinds of wrong, of which each reason is one. */
const kinds = {
  missing: ['empty', 'cut', 'missing', 'end-missing'],
  order: ['not-the-next', 'goes-back', 'not-the-beginning'],
  unreadable: ['not-text', 'not-json', 'not-canonical', 'not-an-entry', 'no-head'],
  restored: ['restored'],
  key: ['no-key', 'key-not-handed-over', 'other-key', 'head-not-signed', 'head-of-other-key'],
}

document.querySelector('.no-script').hidden = true
form.hidden = false
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const button = form.querySelector('button')
  button.disabled = true
  say('', [dataset.working])
  try {
    tell(await verdict())
  } catch (error) {
    say('unknown', [dataset.unreachable, error.message])
  }
  button.disabled = false
})

async function verdict() {
  const key = form.elements.key.value.trim() || null
  const page = location.origin
  const head = file.files[0] ? await headOf(headFile.files[0]) : await (await fetch('/ledger/head.json')).json()
  return verifyLedger(file.files[0] ? [await bytesOf(file.files[0])] : ledgerOf(page), { head, key })
}

async function headOf(chosen) {
  return chosen ? JSON.parse(await chosen.text()) : null
}

async function bytesOf(chosen) {
  return new Uint8Array(await chosen.arrayBuffer())
}

function tell(verdict) {
  const numbers = new Intl.NumberFormat(dataset.formats)
  if (!verdict.ok) {
    const kind = Object.keys(kinds).find((one) => kinds[one].includes(verdict.reason)) ?? 'changed'
    return say('major', [put(dataset.wrong, { number: numbers.format(verdict.entry) }), dataset[kind]])
  }
  const when = new Intl.DateTimeFormat(dataset.formats, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: dataset.zone,
  }).format(new Date(verdict.at))
  const signed =
    verdict.covered === null
      ? dataset.headless
      : put(verdict.signatures === 'checked' ? dataset.signed : dataset.unsigned, {
          number: numbers.format(verdict.covered),
        })
  say('operational', [put(dataset.fits, { count: numbers.format(verdict.entries), when }), signed], verdict.key)
}

function put(words, values) {
  return words.replaceAll(/\[(\w+)\]/g, (_, name) => values[name])
}

/** Text, never markup: a file that somebody chose may hold anything. */
function say(tone, lines, key = '') {
  result.className = tone
  result.replaceChildren(
    ...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })),
    ...(key ? [Object.assign(document.createElement('code'), { textContent: key })] : []),
  )
}
