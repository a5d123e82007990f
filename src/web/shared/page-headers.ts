/** What a page may load and who may use it, with the sources of its styles. */
function policy(styles: readonly string[], url: string | null = null): string {
  return [
    "default-src 'none'",
    `style-src ${styles.join(' ')}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    // From a mirror, forms lead to the site itself.
    url === null ? "form-action 'self'" : `form-action 'self' ${url}`,
    "frame-ancestors 'none'",
  ].join('; ')
}

/** What reaches a device, a sensor, an account, money or other windows: nothing of ours does. */
// prettier-ignore
const powers = [
  'accelerometer', 'browsing-topics', 'camera', 'clipboard-read', 'compute-pressure', 'display-capture',
  'encrypted-media', 'gamepad', 'geolocation', 'gyroscope', 'hid', 'identity-credentials-get', 'idle-detection',
  'keyboard-map', 'local-fonts', 'magnetometer', 'microphone', 'midi', 'otp-credentials', 'payment',
  'screen-wake-lock', 'serial', 'storage-access', 'usb', 'window-management', 'xr-spatial-tracking',
]

/** The one power that the desk has a use for: passkeys. */
const passkeys = ['publickey-credentials-create', 'publickey-credentials-get']

function withoutPowers(names: readonly string[]): string {
  return names.map((name) => `${name}=()`).join(', ')
}

/** Of every answer, whatever it is. */
const everywhere = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Of every page that no more is known of. No inline script or style, so no hash or nonce is needed. */
export const pageHeaders = {
  ...everywhere,
  'content-security-policy': policy(["'self'"]),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': withoutPowers(powers),
} as const

/**
 * Of the desk. Its pages tell their address to each other, and to nobody else: of a page that tells nobody, browsers hide
 * the origin of its forms too, and over http they say nothing else of where a form comes from.
 */
export const deskHeaders = { ...pageHeaders, 'referrer-policy': 'same-origin' } as const

/**
 * Of what is no page: data, pictures, scripts, words for programs. Opened by itself it is a document that may do nothing,
 * so nothing is left that the other headers of pages could forbid.
 */
const dataHeaders = {
  ...everywhere,
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const

/** What an answer of this type has, unless it says otherwise itself (security B3). */
export function headersOf(contentType: string): Readonly<Record<string, string>> {
  return contentType.startsWith('text/html') ? pageHeaders : dataHeaders
}

/** Of what other sites are meant to read and to show: nobody is known by it, so it is the same for everybody. */
export const forAllOrigins = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const

/** With https it is https for good: for the whole site, so that no answer may leave it out. */
export function transportHeaders(url: string): Readonly<Record<string, string>> {
  return url.startsWith('https://') ? { 'strict-transport-security': 'max-age=31536000' } : {}
}

/**
 * Of a published page, whose styles stand in it, each named by its hash: `'sha256-…'`. Whoever else serves the page, a
 * mirror, sends the same.
 */
export function publishedHeaders(url: string, styles: readonly string[]): Readonly<Record<string, string>> {
  return {
    ...pageHeaders,
    'content-security-policy': policy(styles, url),
    'permissions-policy': withoutPowers([...powers, ...passkeys]),
    ...transportHeaders(url),
  }
}
