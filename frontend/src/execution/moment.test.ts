import { describe, expect, it } from 'vitest'
import { elapsed, momentOf } from './moment'

describe('a moment', () => {
  it('keeps the fraction of its millisecond', () => {
    expect(momentOf('1970-01-01T00:00:01.000250500Z')).toBeCloseTo(1000.2505, 6)
    expect(momentOf('1970-01-01T00:00:01Z')).toBe(1000)
    expect(momentOf('1970-01-01T02:00:00.5+02:00')).toBe(500)
  })

  it('says how long it is to another', () => {
    expect(elapsed('1970-01-01T00:00:00.0001Z', '1970-01-01T00:00:00.0006Z')).toBeCloseTo(0.5, 6)
    expect(elapsed('1970-01-01T00:00:00Z', null)).toBeNull()
  })
})
