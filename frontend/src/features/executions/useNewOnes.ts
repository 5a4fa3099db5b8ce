import { useCallback, useEffect, useState } from 'react'
import { type FeedEntry, useFeedEntries } from '@/execution/useFeed'
import type { ExecutionsSearch } from './search'

/** Whether an execution belongs into the list as it is filtered. */
export function fits(entry: FeedEntry, { workflow, status, mode, from, to }: ExecutionsSearch): boolean {
  const at = entry.startedAt ?? entry.queuedAt
  return (
    (!workflow || entry.workflow?.id === workflow) &&
    (!status || status.includes(entry.status)) &&
    (!mode || mode.includes(entry.mode)) &&
    (!from || at >= from) &&
    (!to || at < to)
  )
}

/**
 * What the feed tells about a list that someone is reading: rows that are shown change where they stand; what is new
 * is only counted, so that nothing moves under the reader's eyes.
 */
export function useNewOnes(shown: readonly { id: string }[], search: ExecutionsSearch) {
  const [changed, setChanged] = useState<ReadonlyMap<string, FeedEntry>>(new Map())
  const [unseen, setUnseen] = useState<ReadonlySet<string>>(new Set())
  const onEntry = useCallback(
    (entry: FeedEntry) => {
      if (shown.some((row) => row.id === entry.id)) setChanged((known) => new Map(known).set(entry.id, entry))
      else if (fits(entry, search))
        setUnseen((known) => (known.has(entry.id) ? known : new Set(known).add(entry.id)))
    },
    [shown, search],
  )
  useFeedEntries(onEntry)
  // What the list shows by now is not new any more.
  useEffect(() => {
    setUnseen((known) => {
      const left = [...known].filter((id) => !shown.some((row) => row.id === id))
      return left.length === known.size ? known : new Set(left)
    })
  }, [shown])
  const forget = useCallback(() => setUnseen(new Set()), [])
  return { changed, count: unseen.size, forget }
}
