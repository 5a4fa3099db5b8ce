import type { Client } from 'urql'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Feed } from './useFeed'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A client that counts the subscriptions that are open. */
function counting() {
  const open = { now: 0, ever: 0 }
  const subscribe = () => {
    open.now += 1
    open.ever += 1
    const unsubscribe = () => {
      open.now -= 1
    }
    return { unsubscribe }
  }
  return { open, client: { subscription: () => ({ subscribe }) } as unknown as Client }
}

test('from one page to the next the feed stays open, so that nothing in between is missed', () => {
  const { open, client } = counting()
  const feed = new Feed(client)
  const leave = feed.listen(() => {})
  leave()
  vi.advanceTimersByTime(1_000)
  const leaveAgain = feed.listen(() => {})
  vi.advanceTimersByTime(60_000)
  expect(open).toEqual({ now: 1, ever: 1 })
  leaveAgain()
  vi.advanceTimersByTime(60_000)
  expect(open).toEqual({ now: 0, ever: 1 })
})
