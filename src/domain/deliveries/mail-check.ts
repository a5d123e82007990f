/** Something on which it hangs whether mail arrives. `unsure`: it cannot be seen from here. */
export interface MailFinding {
  readonly about: 'server' | 'SPF' | 'DKIM' | 'DMARC'
  readonly verdict: 'well' | 'unsure' | 'wrong'
  readonly found: string
  /** What to do; null: nothing. */
  readonly remedy: string | null
  /** What to add to the DNS, where something is missing there. */
  readonly record: DnsRecord | null
}

/** A record as panels of DNS providers ask for it. */
export interface DnsRecord {
  readonly name: string
  readonly type: 'TXT'
  readonly value: string
}

/** Whether mail can be sent, and whether those who get it can see that it is ours. */
export type MailCheck = readonly MailFinding[]
