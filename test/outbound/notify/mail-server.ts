import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { onTestFinished } from 'vitest'
import { authority } from '../../lib/authority.ts'

/** What a server answers to a recipient, or to a text: `550 5.1.1 no`. Null: it takes it. */
export interface Manners {
  readonly encryption?: 'starttls' | 'at once' | 'none'
  readonly certificate?: 'trusted' | 'unknown'
  readonly user?: { readonly name: string; readonly password: string }
  onSender?(address: string): string | null
  onRecipient?(address: string): string | null
  onText?(address: string): string | null
}

export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly mail: ParsedMail
  /** What the client called itself. */
  readonly name: string
  readonly secure: boolean
}

export interface MailServer {
  /** How Candor is told of it. */
  readonly url: string
  readonly port: number
  readonly taken: readonly TakenMail[]
  readonly connections: () => number
}

const trusted = authority('The authority that tests trust')
const names = { names: ['127.0.0.1', 'localhost'] }
const identities = { trusted: trusted.issue(names), unknown: authority('Nobody').issue(names) }

/** A real mail server on a port of its own. */
export async function mailServer(manners: Manners = {}): Promise<MailServer> {
  const { encryption = 'starttls', certificate = 'trusted', user } = manners
  if (encryption !== 'none') trustUntilTheEnd()
  const identity = identities[certificate]
  const taken: TakenMail[] = []
  let connections = 0
  const take = async (one: Omit<TakenMail, 'mail'>, done: () => void): Promise<void> => {
    taken.push({ ...one, mail: await simpleParser(one.raw) })
    done()
  }
  const options: SMTPServerOptions = {
    secure: encryption === 'at once',
    key: identity.key,
    cert: identity.cert,
    // What is answered is what a test says.
    hideENHANCEDSTATUSCODES: true,
    closeTimeout: 10,
    disabledCommands: [...(encryption === 'none' ? ['STARTTLS'] : []), ...(user ? [] : ['AUTH'])],
    authOptional: !user,
    allowInsecureAuth: false,
    onConnect: (_session, done) => {
      connections += 1
      done()
    },
    onAuth: ({ username, password }, _session, done) =>
      username === user?.name && password === user?.password
        ? done(null, { user: username })
        : done(new Error('535 no')),
    onMailFrom: ({ address }, _session, done) => done(refusal(manners.onSender?.(address))),
    onRcptTo: ({ address }, _session, done) => done(refusal(manners.onRecipient?.(address))),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        const no = refusal(manners.onText?.(to[0] ?? ''))
        if (no) return done(no)
        const raw = Buffer.concat(parts)
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
        const name = session.hostNameAppearsAs
        void take({ from, to, raw, name, secure: session.secure }, done)
      })
    },
  }
  const server = new SMTPServer(options)
  // Clients that hang up in the middle are what is tested.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const login = user ? `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@` : ''
  const demand = { none: '?tls=never', starttls: '?tls=required', 'at once': '' }[encryption]
  const url = `${encryption === 'at once' ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}${demand}`
  return { url, port, taken, connections: () => connections }
}

/** `550 5.1.1 no such person` as the error that this server makes a reply of. */
function refusal(reply: string | null | undefined): (Error & { responseCode: number }) | null {
  if (reply === null || reply === undefined) return null
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) })
}

function trustUntilTheEnd(): void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, trusted.cert])
  onTestFinished(() => setDefaultCACertificates(before))
}
