import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { relativeTime, useFormat } from '@/i18n/format'

const every = 10_000
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for all relative times of the page. */
function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, every)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** "3 minutes ago", the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const { locale, absolute } = useFormat()
  const current = useSyncExternalStore(subscribe, () => now)
  // A clock that is behind the server's must not say "in 2 seconds".
  const moment = Math.min(new Date(at).getTime(), Math.max(current, Date.now()))
  return (
    <Tooltip label={absolute(at)}>
      <time dateTime={at}>{relativeTime(moment, Math.max(current, moment), locale)}</time>
    </Tooltip>
  )
}
