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

/** Of every page that no more is known of. No inline script or style, so no hash or nonce is needed. */
export const pageHeaders = {
  'content-security-policy': policy(["'self'"]),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

/**
 * Of a published page, whose styles stand in it, each named by its hash: `'sha256-…'`. Whoever else serves the page, a
 * mirror, sends the same. With https it is https for good (security B3).
 */
export function publishedHeaders(url: string, styles: readonly string[]): Readonly<Record<string, string>> {
  const headers = { ...pageHeaders, 'content-security-policy': policy(styles, url) }
  return url.startsWith('https://') ? { ...headers, 'strict-transport-security': 'max-age=31536000' } : headers
}
