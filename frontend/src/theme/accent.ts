import type { MantineColorsTuple } from '@mantine/core'

type Rgb = readonly [number, number, number]

const white: Rgb = [255, 255, 255]
const black: Rgb = [0, 0, 0]
/** What accent-coloured text must be readable on: the pages' own backgrounds. */
const lightPage: Rgb = [247, 248, 250]
const darkPage: Rgb = [24, 27, 33]

function parse(hex: string): Rgb {
  const long = hex.replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3')
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(long)
  if (!digits) return [79, 91, 213]
  return [1, 2, 3].map((group) => Number.parseInt(digits[group] ?? '0', 16)) as unknown as Rgb
}

function print(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map((at) => (from[at] ?? 0) + ((to[at] ?? 0) - (from[at] ?? 0)) * share) as unknown as Rgb
}

/** Relative luminance, WCAG 2.2. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function ratio(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** Contrast of two colours as WCAG counts it, 1 to 21. */
export function contrast(one: string, other: string): number {
  return ratio(parse(one), parse(other))
}

/** Moves a colour towards another until it can be read on the background. */
function readableOn(color: Rgb, background: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(color, towards, share)
    if (ratio(candidate, background) >= 4.6) return candidate
  }
  return towards
}

export interface Accent {
  /** Ten shades, light to dark; the sixth is the tenant's own colour. */
  shades: MantineColorsTuple
  /** The colour of filled controls. */
  fill: string
  /** Text on a filled control. */
  onFill: string
  /** Links and marks on a light page. */
  textOnLight: string
  /** The same on a dark page. */
  textOnDark: string
}

/** Everything that is derived from the one colour a tenant chooses, readable whatever they choose. */
export function accentOf(hex: string): Accent {
  const own = parse(hex)
  const shade = (to: Rgb, share: number) => print(mix(own, to, share))
  return {
    shades: [
      shade(white, 0.93),
      shade(white, 0.85),
      shade(white, 0.7),
      shade(white, 0.5),
      shade(white, 0.3),
      shade(white, 0.12),
      print(own),
      shade(black, 0.12),
      shade(black, 0.25),
      shade(black, 0.4),
    ],
    fill: print(own),
    onFill: ratio(own, white) >= 4.5 || ratio(own, white) >= ratio(own, black) ? '#ffffff' : '#000000',
    textOnLight: print(readableOn(own, lightPage, black)),
    textOnDark: print(readableOn(own, darkPage, white)),
  }
}
