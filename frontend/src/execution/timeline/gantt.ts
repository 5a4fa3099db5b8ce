import { momentOf } from '../moment'

export interface Timed {
  startedAt: string | null
  durationMs: number | null
  /** When it began to wait: for a timer, or for its turn after an attempt that failed. */
  waitingSince: string | null
  /** Whether it goes on. */
  open: boolean
}

/** Shares of the whole length, 0 to 1. */
export interface Span {
  start: number
  length: number
}

export interface Bar {
  wait: Span | null
  work: Span | null
}

interface Times {
  wait: [number, number] | null
  work: [number, number] | null
}

function timesOf({ startedAt, durationMs, waitingSince, open }: Timed, now: number): Times {
  const start = startedAt ? momentOf(startedAt) : null
  const end = start === null ? null : Math.max(start, open ? now : start + (durationMs ?? 0))
  const since = waitingSince ? momentOf(waitingSince) : null
  return {
    wait: since === null ? null : [since, Math.max(since, start ?? (open ? now : since))],
    work: start === null || end === null ? null : [start, end],
  }
}

/** Where each step's bars lie between the first moment and the last; a step without a start has none. */
export function gantt(steps: readonly Timed[], now: number): Bar[] {
  const times = steps.map((step) => timesOf(step, now))
  const known = times.flatMap(({ wait, work }) => [wait, work].filter((span) => span !== null))
  const first = Math.min(...known.map(([start]) => start))
  const whole = Math.max(...known.map(([, end]) => end)) - first || 1
  const share = (span: [number, number] | null) =>
    span && { start: (span[0] - first) / whole, length: (span[1] - span[0]) / whole }
  return times.map(({ wait, work }) => ({ wait: share(wait), work: share(work) }))
}
