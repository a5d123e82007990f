/** A server that takes mail, and how it is spoken to. */
export interface SmtpAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** `never`: in the clear, which nobody falls back to by themselves. */
  readonly tls: 'at once' | 'by STARTTLS' | 'never'
}

const thisMachine = ['localhost', '127.0.0.1', '::1']

/**
 * Reads `smtps://user:password@host:465`, or `smtp://` for STARTTLS, which must then be there. In the clear goes only what
 * stays on this machine, or where somebody says so: `?tls=never`, `?tls=required`. A sentence where it cannot be.
 */
export function smtpAddress(text: string): SmtpAddress | { readonly fault: string } {
  const url = URL.parse(text)
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return { fault: '' }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const said = url.searchParams.get('tls')
  const isKnown = said === null || said === 'never' || said === 'required'
  if (!isKnown || [...url.searchParams.keys()].some((name) => name !== 'tls') || url.hash !== '') return { fault: '' }
  if (url.pathname !== '' && url.pathname !== '/') return { fault: '' }
  const isImplicit = url.protocol === 'smtps:'
  if (isImplicit && said === 'never') return { fault: 'smtps:// is encrypted from its first byte.' }
  const isHere = thisMachine.includes(host)
  const isClear = !isImplicit && (said === 'never' || (said === null && isHere))
  const [user, password] = [unescaped(url.username), unescaped(url.password)]
  if (user === null || password === null) return { fault: 'The user or the password is not escaped as a URL needs it.' }
  if (isClear && !isHere && password !== '') return { fault: 'A password is not sent through a network in the clear.' }
  return {
    host,
    port: url.port === '' ? (isImplicit ? 465 : isHere ? 25 : 587) : Number(url.port),
    user,
    password,
    tls: isClear ? 'never' : isImplicit ? 'at once' : 'by STARTTLS',
  }
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
