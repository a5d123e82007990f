// Verifies a ledger of Candor, and names the first entry that does not fit. It needs nothing but Node 20 or a browser:
//
//     curl -o verify.mjs https://status.example/ledger/verify.js
//     node verify.mjs https://status.example [--key <the site's key, noted earlier>]
//     node verify.mjs ledger.jsonl --head head.json [--key …]
//
// A ledger is a file of lines. Each line is an entry as canonical JSON (RFC 8785) with its number, its instant, and two
// hashes: `hash` is the SHA-256 of the line without its `hash`, `prev` is the hash of the line before. The head names the
// last entry and is signed (Ed25519). The first entry names the key; another key enters only by the signature of the one
// before it. So whoever changes a word changes all hashes after it, and cannot sign the new end.

const longestLine = 64 * 1024 * 1024
const members = 'at,entry,hash,kind,prev,seq,subject'
const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isKey = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)
const isSignature = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{86}$/.test(value)
const isInstant = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)

/**
 * Reads a ledger, in pieces of bytes, and answers `{ ok: true, … }`, or `{ ok: false, entry, reason }`: the number of the
 * first entry that does not fit, and why. `head`: the signed head. `key`: a key of the site that the reader knows.
 */
export async function verifyLedger(pieces, { head = null, key = null } = {}) {
  const state = { seq: 0, at: '', hash: null, key: null, keys: [], signatures: 'checked', signed: null, restored: [] }
  const wrong = (reason) => ({ ok: false, entry: state.seq + 1, reason })
  for await (const line of linesOf(pieces)) {
    const reason = line.cut ? 'cut' : await reasonAgainst(line.bytes, state)
    if (reason) return wrong(reason)
    if (head && head.seq === state.seq) state.signed = { hash: state.hash, key: state.key }
  }
  if (state.seq === 0) return wrong('empty')
  if (key !== null && !state.keys.includes(key)) return { ok: false, entry: 1, reason: 'other-key' }
  const reason = head ? await reasonAgainstHead(head, state) : null
  const since =
    /^(end-missing|other-than-signed)$/.test(reason) && state.restored.find(({ entry }) => entry <= head.seq)
  if (since) return { ok: false, entry: since.entry, reason: 'restored' }
  if (reason) {
    const entry = reason === 'end-missing' ? state.seq + 1 : Math.min(head.seq, state.seq) || state.seq
    return { ok: false, entry, reason }
  }
  const { seq, at, hash, signatures, restored } = state
  return { ok: true, entries: seq, at, hash, key: state.key, covered: head ? head.seq : null, signatures, restored }
}

/** Null if this line follows from those before it; then it is the last one. */
async function reasonAgainst(bytes, state) {
  const text = textOf(bytes)
  if (text === undefined) return 'not-text'
  const entry = attempt(() => JSON.parse(text))
  if (entry === undefined) return 'not-json'
  if (canonical(entry) !== text) return 'not-canonical'
  if (entry === null || typeof entry !== 'object' || Object.keys(entry).join() !== members) return 'not-an-entry'
  if (!isHash(entry.hash) || !isInstant(entry.at)) return 'not-an-entry'
  if (entry.seq !== state.seq + 1) return entry.seq > state.seq + 1 ? 'missing' : 'not-the-next'
  if (entry.prev !== state.hash) return 'other-before'
  const { hash, ...hashed } = entry
  if ((await sha256(canonical(hashed))) !== hash) return 'other-content'
  if (entry.at < state.at) return 'goes-back'
  const reason = await reasonAgainstKey(entry, state)
  if (reason) return reason
  Object.assign(state, { seq: entry.seq, at: entry.at, hash })
  if (entry.kind === 'ledger.restored') state.restored.push({ entry: entry.seq, from: String(entry.entry?.from) })
  return null
}

/** The first entry names the key; later ones may hand over to another one. */
async function reasonAgainstKey({ kind, entry, prev }, state) {
  const begins = kind === 'ledger.begun'
  if (begins !== (state.seq === 0)) return 'not-the-beginning'
  if (begins) {
    if (!isKey(entry?.key)) return 'no-key'
  } else {
    if (kind !== 'ledger.key-changed') return null
    const { key, previous, signature } = entry ?? {}
    if (!isKey(key) || !isSignature(signature) || previous !== state.key) return 'key-not-handed-over'
    // The old key signs that the new one follows it, at this place of this ledger.
    const signed = await isSigned(canonical({ key, prev, previous, type: 'candor ledger key' }), signature, previous)
    if (signed === null) state.signatures = 'unknown'
    else if (!signed) return 'key-not-handed-over'
  }
  state.key = entry.key
  state.keys.push(entry.key)
  return null
}

async function reasonAgainstHead(head, state) {
  const { signature, ...signed } = head
  if (Object.keys(signed).toSorted().join() !== 'at,hash,key,seq,type' || signed.type !== 'candor ledger head')
    return 'no-head'
  if (!Number.isSafeInteger(head.seq) || head.seq < 1 || !isHash(head.hash) || !isKey(head.key)) return 'no-head'
  if (!isInstant(head.at) || !isSignature(signature)) return 'no-head'
  const isValid = await isSigned(canonical(signed), signature, head.key)
  if (isValid === false) return 'head-not-signed'
  if (isValid === null) state.signatures = 'unknown'
  if (head.seq > state.seq) return state.keys.includes(head.key) ? 'end-missing' : 'head-of-other-key'
  if (head.key !== state.signed.key) return 'head-of-other-key'
  return head.hash === state.signed.hash ? null : 'other-than-signed'
}

/** RFC 8785: as ECMAScript writes it, members in the order of their UTF-16 code units. Null where there is no such form. */
function canonical(value) {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item))
    return items.includes(null) ? null : `[${items.join(',')}]`
  }
  if (value !== null && typeof value === 'object') {
    const names = Object.keys(value).sort()
    const pairs = names.map((name) => [canonical(name), canonical(value[name])])
    return pairs.flat().includes(null) ? null : `{${pairs.map((pair) => pair.join(':')).join(',')}}`
  }
  if (typeof value === 'string' && !value.isWellFormed()) return null
  return JSON.stringify(value)
}

function textOf(bytes) {
  return attempt(() => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
}

function attempt(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}

async function sha256(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Null where this browser does not know Ed25519. */
async function isSigned(text, signature, key) {
  let known
  try {
    known = await crypto.subtle.importKey('raw', bytesOf(key), 'Ed25519', false, ['verify'])
  } catch (error) {
    if (error?.name === 'NotSupportedError') return null
    return false
  }
  return crypto.subtle.verify('Ed25519', known, bytesOf(signature), new TextEncoder().encode(text))
}

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Lines without their ends; what follows the last end of a line is `cut`. */
async function* linesOf(pieces) {
  let rest = []
  let size = 0
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      yield { cut: false, bytes: joined([...rest, piece.subarray(start, end)]) }
      rest = []
      size = 0
      start = end + 1
    }
    if (start < piece.length) rest.push(piece.subarray(start))
    size += piece.length - start
    if (size > longestLine) break
  }
  if (rest.length > 0) yield { cut: true, bytes: new Uint8Array() }
}

function joined(parts) {
  if (parts.length === 1) return parts[0]
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const reasons = {
  empty: 'There is no entry at all.',
  cut: 'The file ends in the middle of it.',
  'not-text': 'It is not text (UTF-8).',
  'not-json': 'It is not JSON.',
  'not-canonical': 'It is not canonical JSON: somebody wrote it by other means.',
  'not-an-entry': 'It has not the members of an entry.',
  missing: 'It is missing: a later one stands in its place.',
  'not-the-next': 'Another one stands in its place, which was there before.',
  'other-before': 'It does not follow from the one before it: one of the two was changed.',
  'other-content': 'What it says is not what its hash was made of: it was changed.',
  'goes-back': 'It says that it was written before the one before it.',
  'not-the-beginning': 'The ledger must begin in one place, and nowhere else.',
  'no-key': 'It must name the key of the site.',
  'key-not-handed-over': 'It names another key, and the key before it has not signed that.',
  'other-key': 'The key you know has never been the key of this ledger.',
  'no-head': 'The head is not one of a ledger.',
  'head-not-signed': 'The signature of the head does not fit what the head says.',
  'head-of-other-key': 'The head is signed with a key that is not the key of this ledger.',
  'other-than-signed': 'It is not the one that the head signs: this entry or one before it was changed.',
  restored: 'From here on it was written anew: it says here that the site was restored from a backup.',
  'end-missing': 'It is missing: the signed head knows of entries that are not there.',
}

const usage = `Usage: verify <address of a page, or file> [--head <address or file>] [--key <key>]

Verifies a ledger of Candor and names the first entry that does not fit. Of an address, the head is fetched too.
--key is a key of the site that you noted earlier: without it you trust the one that the ledger itself names.
Exit codes: 0 it fits, 1 it does not, 2 it could not be read.`

/** The command: answers its exit code. */
export async function run(args, say) {
  const given = argumentsOf(args)
  if (!given) {
    say(usage)
    return 2
  }
  const { page, place, headPlace, key } = given
  let result
  try {
    // The head first: what is added meanwhile comes after it.
    const head = headPlace === null ? null : await readHead(headPlace)
    result = await verifyLedger(page === null ? await fileAt(place) : ledgerOf(page), { head, key })
  } catch (error) {
    say(`It could not be read: ${error.message}${error.cause ? ` (${error.cause.message})` : ''}`)
    return 2
  }
  if (!result.ok) {
    say(`Entry ${result.entry} does not fit. ${reasons[result.reason]}`)
    return 1
  }
  say(`${result.entries} entries, the last of ${result.at}: each follows from the one before it.`)
  if (result.covered === null) say('Without a signed head nobody knows whether entries are missing at the end.')
  else if (result.signatures === 'checked') say(`Signed up to entry ${result.covered}, with the key of the site.`)
  else say('The signatures could not be checked: this runtime does not know Ed25519.')
  for (const { entry, from } of result.restored) say(`Entry ${entry}: the site was restored from a backup of ${from}.`)
  say(
    `The key is ${result.key}${key === null ? ': note it, and verify with --key from now on.' : ', which follows from yours.'}`,
  )
  return 0
}

function argumentsOf(args) {
  const named = { '--head': null, '--key': null }
  const places = []
  for (let at = 0; at < args.length; at += 1) {
    const [name, value] = args[at].split(/=(.*)/s)
    if (name in named) named[name] = value ?? args[(at += 1)] ?? ''
    else if (args[at].startsWith('-')) return null
    else places.push(args[at])
  }
  if (places.length !== 1 || named['--head'] === '' || (named['--key'] !== null && !isKey(named['--key']))) return null
  const page = isAddress(places[0]) ? places[0].replace(/\/(ledger(\.jsonl|\/verify)?\/?)?$/, '') : null
  const headPlace = named['--head'] ?? (page && `${page}/ledger/head.json`)
  return { page, place: places[0], headPlace, key: named['--key'] }
}

function isAddress(place) {
  return /^https?:\/\//.test(place)
}

async function readHead(place) {
  const parts = []
  const pieces = isAddress(place) ? bodyOf(mustBe(await fetch(place))) : await fileAt(place)
  for await (const part of pieces) parts.push(part)
  return JSON.parse(textOf(joined(parts)) ?? '') ?? {}
}

async function fileAt(path) {
  return (await import('node:fs')).createReadStream(path)
}

const partSize = 1000

/** The ledger of a page, in pieces of bytes. A mirror of the page has it as files of a thousand entries. */
export async function* ledgerOf(page) {
  const whole = await fetch(`${page}/ledger.jsonl`)
  if (whole.status !== 404) return yield* bodyOf(mustBe(whole))
  for (let first = 1; ; first += partSize) {
    const part = await fetch(`${page}/ledger/entries/${first}.txt`)
    if (part.status === 404 && first > 1) return
    yield* bodyOf(mustBe(part))
  }
}

function mustBe(answer) {
  if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}.`)
  return answer
}

/** Not every browser can iterate over a body. */
async function* bodyOf({ body }) {
  const reader = body.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
}

if (globalThis.process?.argv?.[1] && import.meta.url.startsWith('file:')) {
  const { realpathSync } = await import('node:fs')
  const { pathToFileURL } = await import('node:url')
  if (pathToFileURL(realpathSync(process.argv[1])).href === import.meta.url)
    process.exitCode = await run(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`))
}
