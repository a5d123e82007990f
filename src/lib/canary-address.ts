import { isIP } from 'node:net'

/** Whether it names somebody who can show that our own line works: by a certificate, a connection, or as a name server. */
export function isCanaryAddress(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.username !== '' || url.password !== '' || url.hostname === '') return false
  if (url.protocol === 'dns:') return isIP(url.hostname.replace(/^\[|\]$/g, '')) > 0
  return url.protocol === 'https:' || (url.protocol === 'tcp:' && url.port !== '')
}
