import { generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

export interface Wishes {
  /** Names and addresses it is valid for. */
  readonly names: readonly string[]
  /** Days from now until it begins and ends; negative ones lie in the past. */
  readonly from?: number
  readonly until?: number
  readonly usage?: 'server' | 'client'
}

export interface Authority {
  /** Whoever trusts this trusts what it issues. */
  readonly cert: string
  issue(wishes: Wishes): Identity
}

const dayMs = 86_400_000
let serial = 0
let made = 0

/**
 * An authority of a test's own, which no machine trusts unless it is told to. Each has a name of its own: of two with one
 * name OpenSSL would try the first that is trusted, and tests of other files may have left theirs.
 */
export function authority(name = `A test ${(made += 1)}`): Authority {
  const own = keys()
  const root = forge.pki.createCertificate()
  const subject = [{ name: 'commonName', value: name }]
  dated(root, -1, 3650)
  root.publicKey = own.publicKey
  root.setSubject(subject)
  root.setIssuer(subject)
  root.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ])
  root.sign(own.privateKey, forge.md.sha256.create())
  return {
    cert: forge.pki.certificateToPem(root),
    issue({ names, from = -1, until = 365, usage = 'server' }) {
      const leaf = keys()
      const cert = forge.pki.createCertificate()
      dated(cert, from, until)
      cert.publicKey = leaf.publicKey
      cert.setSubject([{ name: 'commonName', value: names[0] ?? name }])
      cert.setIssuer(subject)
      cert.setExtensions([
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: usage === 'server', clientAuth: usage === 'client' },
        { name: 'subjectAltName', altNames: names.map(alternative) },
      ])
      cert.sign(own.privateKey, forge.md.sha256.create())
      return { key: leaf.pem, cert: forge.pki.certificateToPem(cert) }
    },
  }
}

function alternative(name: string): object {
  // Types of RFC 5280: 7 is an address, 2 a name.
  return /^[\d.]+$|:/.test(name) ? { type: 7, ip: name } : { type: 2, value: name }
}

function dated(cert: forge.pki.Certificate, from: number, until: number): void {
  const now = performance.timeOrigin + performance.now()
  cert.serialNumber = `01${(++serial).toString(16).padStart(6, '0')}`
  cert.validity.notBefore = new Date(now + from * dayMs)
  cert.validity.notAfter = new Date(now + until * dayMs)
}

/** Made by Node, which is a hundred times faster at it. */
function keys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const read = forge.pki.privateKeyFromPem(pem)
  return { pem, privateKey: read, publicKey: forge.pki.setRsaPublicKey(read.n, read.e) }
}
