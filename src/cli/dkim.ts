import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { isSelector } from '../config/mail.ts'
import { domainOf, mailbox } from '../lib/mail-address.ts'
import { dkimRecord } from '../outbound/notify/dkim-record.ts'
import { type Command, UsageError, exit } from './command.ts'

export const command: Command = {
  help: `
candor dkim [--selector <name>]

Makes the key with which mail is signed (DKIM), “dkim.pem” in the data folder, unless it is there; and prints the settings and the
DNS record that belong to it. Set CANDOR_MAIL_FROM first: the record is for its domain. Back the file up: it is in no backup.
  --selector <name>  under which the record stands (candor)`,
  options: { selector: { type: 'string' } },
  positionals: [0, 0],
  async run({ values }, shell) {
    const selector = String(values['selector'] ?? 'candor')
    if (!isSelector(selector)) throw new UsageError('A selector consists of letters, digits and hyphens.')
    const { dataDir, mailFrom } = readConfig(shell.env)
    const from = mailFrom === null ? null : mailbox(mailFrom)
    if (from === null) throw new UsageError('Set CANDOR_MAIL_FROM first: the key signs for its domain.')
    const domain = domainOf(from.address)
    const path = join(dataDir, 'dkim.pem')
    const isThere = existsSync(path)
    if (!isThere) makeKey(dataDir, path)
    const { name, value } = dkimRecord({ domain, selector, privateKey: readFileSync(path, 'utf8') })
    shell.say(isThere ? `The key is there: ${path}` : `Made the key ${path}`)
    shell.say(`\nAdd to the DNS of ${domain}, as a panel asks for it:\n  ${name}  TXT\n  ${value}`)
    shell.say(`\nOr as a line of a zone file:\n  ${name}. 3600 IN TXT ${inPieces(value)}`)
    shell.say(`\nThen set:\n  CANDOR_DKIM_KEY=${path}\n  CANDOR_DKIM_SELECTOR=${selector}`)
    shell.say('\nand run: candor doctor')
    return exit.done
  },
}

function makeKey(folder: string, path: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Refused where somebody made one meanwhile: its record may stand in the DNS already.
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 })
}

/** A text of the DNS holds 255 bytes; several count as one. */
function inPieces(value: string): string {
  return (value.match(/.{1,250}/g) ?? []).map((piece) => `"${piece}"`).join(' ')
}
