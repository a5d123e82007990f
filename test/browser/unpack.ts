import chromium from '@sparticuz/chromium'

/** Unpacks the Chromium that npm brought once, before several workers would do so at the same time. */
export default async function setUp(): Promise<void> {
  // Where it cannot be unpacked another one is looked for.
  await chromium.executablePath().catch(() => undefined)
}
