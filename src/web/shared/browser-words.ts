/** The first that is found says what it is: others call themselves by its name as well. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Chrome without a window'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const platforms: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/** Of what browsers say of themselves, most have two hundred characters. */
const most = 1000

/** What a browser says it is, as a person would: `Firefox on Linux`. Only this is kept, never the whole of it. */
export function browserInWords(userAgent: string | undefined): string {
  const said = userAgent?.slice(0, most) ?? ''
  const found = (list: typeof programs) => list.find(([pattern]) => pattern.test(said))?.[1]
  const [program, platform] = [found(programs), found(platforms)]
  if (program === undefined)
    return platform === undefined ? 'A program that does not say its name' : `A browser on ${platform}`
  return platform === undefined ? program : `${program} on ${platform}`
}
