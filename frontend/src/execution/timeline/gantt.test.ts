import { describe, expect, it } from 'vitest'
import { gantt, type Timed } from './gantt'

const at = (ms: number) => new Date(1_000_000 + ms).toISOString()
const timed = (change: Partial<Timed>): Timed => ({
  startedAt: null,
  durationMs: null,
  waitingSince: null,
  open: false,
  ...change,
})

describe('the timeline', () => {
  it('places bars between the first moment and the last', () => {
    const bars = gantt(
      [
        timed({ startedAt: at(0), durationMs: 50 }),
        timed({ waitingSince: at(50), startedAt: at(75), durationMs: 5 }),
        timed({ startedAt: at(75), open: true }),
        timed({ waitingSince: at(80), open: true }),
        timed({}),
      ],
      1_000_000 + 100,
    )
    expect(bars).toEqual([
      { wait: null, work: { start: 0, length: 0.5 } },
      { wait: { start: 0.5, length: 0.25 }, work: { start: 0.75, length: 0.05 } },
      { wait: null, work: { start: 0.75, length: 0.25 } },
      { wait: { start: 0.8, length: 0.2 }, work: null },
      { wait: null, work: null },
    ])
  })

  it('tells steps apart that are shorter than a millisecond', () => {
    const [first, second] = gantt(
      [
        timed({ startedAt: '2026-01-01T00:00:00.000100Z', durationMs: 0.1 }),
        timed({ startedAt: '2026-01-01T00:00:00.000200Z', durationMs: 0.3 }),
      ],
      0,
    )
    expect(first?.work?.length).toBeCloseTo(0.25, 2)
    expect(second?.work?.start).toBeCloseTo(0.25, 2)
  })
})
