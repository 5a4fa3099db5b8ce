import { describe, expect, it } from 'vitest'
import type { FeedEntry } from '@/execution/useFeed'
import { executionsSearch, queryVariables } from './search'
import { fits } from './useNewOnes'

describe('the address of the list', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(executionsSearch({ status: ['FAILED', 'NONSENSE'], mode: 'TEST', workflow: '', evil: 1 })).toEqual(
      {
        status: ['FAILED'],
        mode: ['TEST'],
      },
    )
  })

  it('asks forwards, or backwards from a cursor', () => {
    expect(queryVariables({ after: 'x' })).toMatchObject({ first: 50, after: 'x' })
    expect(queryVariables({ before: 'y' })).toMatchObject({ last: 50, before: 'y' })
  })
})

describe('what the feed tells', () => {
  const entry = {
    id: '1',
    status: 'FAILED',
    mode: 'TEST',
    queuedAt: '2026-01-02T10:00:00Z',
    workflow: { id: 'w' },
  } as FeedEntry

  it('counts as new only when it fits the filters', () => {
    expect(fits(entry, {})).toBe(true)
    expect(fits(entry, { status: ['FAILED'], workflow: 'w', mode: ['TEST'] })).toBe(true)
    expect(fits(entry, { status: ['SUCCEEDED'] })).toBe(false)
    expect(fits(entry, { workflow: 'other' })).toBe(false)
    expect(fits(entry, { from: '2026-01-02T11:00:00Z' })).toBe(false)
  })
})
