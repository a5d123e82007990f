/** A colour of sRGB, each part from 0 to 1. */
type Rgb = readonly [number, number, number]

/** `#23407a`, or `#247` for it; null where it is neither. */
export function parseColour(text: string): string | null {
  const [, short, long] = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text) ?? []
  if (short) return `#${[...short].map((digit) => digit + digit).join('')}`.toLowerCase()
  return long ? `#${long}`.toLowerCase() : null
}

/** From 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].toSorted((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

/** What is seen where a colour that lets some of it through lies over another. */
export function layered(over: string, under: string, share: number): string {
  const [above, below] = [rgbOf(over), rgbOf(under)]
  return hexOf(above.map((part, index) => part * share + (below[index] ?? 0) * (1 - share)) as unknown as Rgb)
}

/**
 * The colour of the same hue that is nearest in lightness and that passes, as people see it (Oklch); paler only where
 * the screen has no such colour. Null: none passes.
 */
export function nearest(colour: string, passes: (colour: string) => boolean): string | null {
  const { lightness, chroma, hue } = oklchOf(rgbOf(colour))
  for (let step = 0; step <= 1; step += 0.004) {
    for (const there of [lightness - step, lightness + step]) {
      const candidate = there < 0 || there > 1 ? null : hexOf(inGamut(there, chroma, hue))
      if (candidate && passes(candidate)) return candidate
    }
  }
  return null
}

function rgbOf(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb
}

function hexOf(rgb: Rgb): string {
  const parts = rgb.map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = linear(rgb)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(rgb: Rgb): Rgb {
  return rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as unknown as Rgb
}

/** Björn Ottosson, “A perceptual color space for image processing”. */
function oklchOf(rgb: Rgb): { lightness: number; chroma: number; hue: number } {
  const [red, green, blue] = linear(rgb)
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const lightness = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
  const b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
  return { lightness, chroma: Math.hypot(a, b), hue: Math.atan2(b, a) }
}

function inGamut(lightness: number, chroma: number, hue: number): Rgb {
  for (let share = 1; share > 0; share -= 0.05) {
    const rgb = rgbOfOklab(lightness, chroma * share * Math.cos(hue), chroma * share * Math.sin(hue))
    if (rgb.every((part) => part >= -0.001 && part <= 1.001)) return rgb
  }
  return rgbOfOklab(lightness, 0, 0)
}

function rgbOfOklab(lightness: number, a: number, b: number): Rgb {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const parts = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
  return parts.map((part) => (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055)) as unknown as Rgb
}
