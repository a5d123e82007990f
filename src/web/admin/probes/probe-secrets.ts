import { secretFields } from '../../../domain/probes/secrets.ts'
import type { Vault } from '../../../lib/vault.ts'
import { type Form, text } from '../../shared/forms.ts'
import { kindIn } from './probe-form.ts'
import { keptMark } from './probe-values.ts'

/** Where what was typed travels, sealed, when a form is shown again: nobody types a key twice for a test. */
const carrier = 'carried'

type Typed = Readonly<Record<string, string>>

/** A form as it may be shown again: without the secrets that were typed into it, which go along sealed. */
export function veiled(vault: Vault, accountId: string, form: Form): Form {
  const shown: Record<string, string | readonly string[]> = { ...form }
  const typed: Record<string, string> = {}
  for (const [field, how] of secretFields(kindIn(form))) {
    const given = text(form, field)
    if (how === 'yes') {
      if (given.trim() !== '') typed[field] = given
      shown[field] = ''
    } else {
      const pairs = pairsIn(given)
      for (const { name, value } of pairs) if (value !== keptMark) typed[`${field}.${name.toLowerCase()}`] = value
      shown[field] = pairs.map(({ name }) => `${name}: ${keptMark}`).join('\n')
    }
  }
  if (Object.keys(typed).length === 0) return shown
  return { ...shown, [carrier]: vault.seal(JSON.stringify(typed), purposeOf(accountId, form)) }
}

/** The form as it was typed, with what went along put back where nothing newer was typed. */
export function unveiled(vault: Vault, accountId: string, { [carrier]: sealed, ...form }: Form): Form {
  if (typeof sealed !== 'string' || sealed === '') return form
  const typed = opened(vault, sealed, purposeOf(accountId, form))
  const whole: Record<string, string | readonly string[]> = { ...form }
  for (const [field, how] of secretFields(kindIn(form))) {
    const given = text(form, field)
    if (how === 'yes') whole[field] = given.trim() === '' ? (typed[field] ?? '') : given
    else {
      const pairs = pairsIn(given).map(({ name, value }) => {
        const before = value === keptMark ? typed[`${field}.${name.toLowerCase()}`] : undefined
        return `${name}: ${before ?? value}`
      })
      // Lines that are no pairs stay, to be refused.
      whole[field] = [...pairs, ...given.split('\n').filter((line) => line.trim() !== '' && !isPair(line))].join('\n')
    }
  }
  return whole
}

/** Which secrets go along with a form that is shown again. */
export function carriedIn(vault: Vault, accountId: string, form: Form): readonly string[] {
  const sealed = form[carrier]
  return typeof sealed === 'string' ? Object.keys(opened(vault, sealed, purposeOf(accountId, form))) : []
}

function pairsIn(lines: string): { readonly name: string; readonly value: string }[] {
  return lines
    .split('\n')
    .filter(isPair)
    .map((line) => {
      const at = line.indexOf(':')
      return { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() }
    })
}

function isPair(line: string): boolean {
  return line.indexOf(':') > 0
}

/** A key that changed meanwhile means that it has to be typed again. */
function opened(vault: Vault, sealed: string, purpose: string): Typed {
  try {
    return JSON.parse(vault.open(sealed, purpose)) as Typed
  } catch {
    return {}
  }
}

/** Only whoever typed it can send it on, and only in a form of the same kind. */
function purposeOf(accountId: string, form: Form): string {
  return `probe form ${kindIn(form)} ${accountId}`
}
