import { isIP } from 'node:net'
import type { MailFinding } from '../../domain/deliveries/mail-check.ts'
import type { Texts } from '../../lib/resolver.ts'
import { dkimRecord, tagsOf } from './dkim-record.ts'
import type { MailMeans } from './means.ts'

type LookUp = (name: string) => Promise<Texts>

const untold = { verdict: 'unsure', remedy: 'Try again, or set CANDOR_DNS_SERVERS.', record: null } as const

/** Which servers may send in the name of the domain (RFC 7208). */
export async function spfFinding(domain: string, host: string, lookUp: LookUp): Promise<MailFinding> {
  const about = 'SPF'
  const texts = await lookUp(domain)
  if (texts === 'unknown') return { about, ...untold, found: `nobody told what stands at ${domain}` }
  const [policy, ...others] = texts.filter((text) => /^v=spf1(?:\s|$)/i.test(text))
  if (policy === undefined) {
    return {
      about,
      verdict: 'wrong',
      found: `${domain} does not say which servers may send its mail`,
      remedy: 'Add this record, or the one that your mail provider names: it knows which servers it sends from.',
      record: { name: domain, type: 'TXT', value: `v=spf1 ${mechanismOf(host)} ~all` },
    }
  }
  if (others.length > 0) {
    const remedy = 'Make one of them: with several, none counts.'
    return { about, verdict: 'wrong', found: `${domain} has ${others.length + 1} records`, remedy, record: null }
  }
  if (/(?:^|\s)\+?all(?:\s|$)/i.test(policy)) {
    const remedy = 'End it with ~all or -all.'
    return { about, verdict: 'wrong', found: `${policy} lets everybody send`, remedy, record: null }
  }
  return { about, verdict: 'well', found: policy, remedy: null, record: null }
}

/** Of a server on this machine nobody knows here how it is seen from outside. */
function mechanismOf(host: string): string {
  const version = isIP(host)
  if (/^(?:localhost|127\.0\.0\.1|::1)$/.test(host)) return 'a mx'
  return version === 0 ? `a:${host}` : `ip${version}:${host}`
}

/** Whether what we sign can be verified (RFC 6376). */
export async function dkimFinding(dkim: MailMeans['dkim'], lookUp: LookUp): Promise<MailFinding> {
  const about = 'DKIM'
  if (dkim === null) {
    const found =
      'Candor does not sign; whether the mail server does cannot be seen from here. If it does not, run: candor dkim'
    return { about, verdict: 'unsure', found, remedy: null, record: null }
  }
  const record = dkimRecord(dkim)
  const texts = await lookUp(record.name)
  if (texts === 'unknown') return { about, ...untold, found: `nobody told what stands at ${record.name}` }
  const [there] = texts.map(tagsOf).filter((tags) => tags.has('p'))
  if (!there) {
    const found = `nothing stands at ${record.name}: what we sign cannot be verified`
    return { about, verdict: 'wrong', found, remedy: 'Add this record.', record }
  }
  if (there.get('p') !== tagsOf(record.value).get('p')) {
    const found = `${record.name} holds another key than ours`
    return { about, verdict: 'wrong', found, remedy: 'Put this in its place, or sign with the other key.', record }
  }
  return { about, verdict: 'well', found: `${record.name} holds our key`, remedy: null, record: null }
}

/** What receivers are to do with mail in our name that is not ours (RFC 7489): from the domain itself, or one above it. */
export async function dmarcFinding(domain: string, lookUp: LookUp): Promise<MailFinding> {
  const about = 'DMARC'
  for (const parent of [domain, ...parentsOf(domain)]) {
    const name = `_dmarc.${parent}`
    const texts = await lookUp(name)
    if (texts === 'unknown') return { about, ...untold, found: `nobody told what stands at ${name}` }
    const [policy, ...others] = texts.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text))
    if (policy === undefined) continue
    if (others.length > 0) {
      const remedy = 'Make one of them: with several, none counts.'
      return { about, verdict: 'wrong', found: `${name} has ${others.length + 1} records`, remedy, record: null }
    }
    return { about, verdict: 'well', found: `${name}: ${policy}`, remedy: null, record: null }
  }
  return {
    about,
    verdict: 'wrong',
    found: `${domain} does not say what is to be done with mail that only pretends to be its own`,
    remedy: 'Add this record; large mail providers demand one. Make it p=quarantine once all your mail is signed.',
    record: { name: `_dmarc.${domain}`, type: 'TXT', value: 'v=DMARC1; p=none' },
  }
}

/** `b.example` of `a.b.example`; a name of one label is nobody's own. */
function parentsOf(domain: string): string[] {
  const labels = domain.split('.')
  return labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'))
}
