import { describe, expect, it } from 'vitest'
import { dayBounds, everyDay, period, roundTop } from './period'

describe('a period', () => {
  it('includes today', () => {
    expect(period(7, Date.parse('2026-03-02T23:30:00Z'))).toEqual({ from: '2026-02-24', to: '2026-03-02' })
  })

  it('has days of UTC', () => {
    expect(dayBounds('2026-03-02')).toEqual({
      from: '2026-03-02T00:00:00.000Z',
      to: '2026-03-03T00:00:00.000Z',
    })
  })
})

describe('the days of a period', () => {
  it('are all there, used or not', () => {
    const unused = (date: string) => ({ date, executions: 0 })
    const used = [{ date: '2026-02-28', executions: 3 }]
    expect(everyDay({ from: '2026-02-27', to: '2026-03-01' }, used, unused)).toEqual([
      { date: '2026-02-27', executions: 0 },
      { date: '2026-02-28', executions: 3 },
      { date: '2026-03-01', executions: 0 },
    ])
  })
})

describe('the axis', () => {
  it('ends at a round number', () => {
    expect([0, 4, 5, 6, 11, 49, 501, 1000].map(roundTop)).toEqual([4, 4, 10, 10, 20, 50, 1000, 1000])
  })
})
