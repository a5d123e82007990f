import { createPublicKey } from 'node:crypto'
import type { DnsRecord } from '../../domain/deliveries/mail-check.ts'

/** With which receivers verify what this key signs. */
export function dkimRecord({
  domain,
  selector,
  privateKey,
}: {
  readonly domain: string
  readonly selector: string
  readonly privateKey: string
}): DnsRecord {
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')
  return { name: `${selector}._domainkey.${domain}`, type: 'TXT', value: `v=DKIM1; k=rsa; p=${key}` }
}

/** `v=spf1; p=none` as names and values: where a tag stands twice, the first. */
export function tagsOf(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const part of text.split(';')) {
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim().toLowerCase()
    if (at > 0 && !tags.has(name)) tags.set(name, part.slice(at + 1).replaceAll(/\s+/g, ''))
  }
  return tags
}
