/** A moment in milliseconds with its fraction: steps are often shorter than the millisecond that `Date` can tell. */
export function momentOf(text: string): number {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? ''
  const whole = Date.parse(text.replace(/\.\d+/, ''))
  return whole + (fraction === '' ? 0 : Number(`0.${fraction}`) * 1000)
}

/** Milliseconds between two moments; nothing while one of them is unknown. */
export function elapsed(from: string | null | undefined, to: string | null | undefined): number | null {
  return from && to ? Math.max(0, momentOf(to) - momentOf(from)) : null
}
