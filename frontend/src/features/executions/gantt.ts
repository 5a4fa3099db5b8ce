export interface Timed {
  startedAt?: string | null
  finishedAt?: string | null
  durationMs?: number | null
}

export interface Bar {
  /** Shares of the whole length, 0 to 1. */
  start: number
  length: number
}

/** Where each step's bar lies between the first start and the last end; a step without a start has none. */
export function gantt(steps: readonly Timed[], now: number): (Bar | null)[] {
  const spans = steps.map(({ startedAt, finishedAt, durationMs }) => {
    if (!startedAt) return null
    const start = Date.parse(startedAt)
    const end = finishedAt ? Date.parse(finishedAt) : durationMs != null ? start + durationMs : now
    return { start, end: Math.max(start, end) }
  })
  const known = spans.filter((span) => span !== null)
  const first = Math.min(...known.map((span) => span.start))
  const whole = Math.max(1, Math.max(...known.map((span) => span.end)) - first)
  return spans.map(
    (span) => span && { start: (span.start - first) / whole, length: (span.end - span.start) / whole },
  )
}
