import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Client } from 'urql'
import { useApi } from '@/api/ApiContext'
import { readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { FeedExecution_ExecutionFragment } from '@/gql/graphql'

export const FeedExecution = graphql(`
  fragment FeedExecution_execution on Execution {
    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel
    workflow { id }
  }
`)

const ExecutionFeed = graphql(`
  subscription ExecutionFeed($after: Position, $workflowId: ID) {
    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }
  }
`)

export type FeedEntry = FeedExecution_ExecutionFragment

/** How long the feed stays open when nobody looks, in milliseconds. */
const linger = 10_000

/** The tenant's executions as they change: one subscription, however many parts of the page look at it. */
export class Feed {
  private latest = new Map<string, FeedEntry>()
  private listeners = new Set<(entry: FeedEntry) => void>()
  private stop: (() => void) | null = null
  private leaving: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly client: Client) {}

  latestOf(workflowId: string): FeedEntry | undefined {
    return this.latest.get(workflowId)
  }

  listen(listener: (entry: FeedEntry) => void): () => void {
    this.listeners.add(listener)
    clearTimeout(this.leaving)
    this.stop ??= this.open()
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      // From one page to the next nobody looks for a moment. What happens then must not be missed, and a feed that was opened
      // again would begin after it.
      this.leaving = setTimeout(() => this.close(), linger)
    }
  }

  private close() {
    this.stop?.()
    this.stop = null
    this.latest.clear()
  }

  private open(): () => void {
    const { unsubscribe } = this.client.subscription(ExecutionFeed, {}).subscribe(({ data }) => {
      const found = data?.executionFeed.execution
      if (!found) return
      const entry = readFragment(FeedExecution, found)
      if (entry.workflow) this.remember(entry.workflow.id, entry)
      for (const listener of this.listeners) listener(entry)
    })
    return unsubscribe
  }

  /** An older execution that ends late does not hide a younger one. */
  private remember(workflowId: string, entry: FeedEntry) {
    const known = this.latest.get(workflowId)
    if (!known || known.id === entry.id || known.queuedAt <= entry.queuedAt)
      this.latest.set(workflowId, entry)
  }
}

const feeds = new WeakMap<Client, Feed>()

export function useFeedSource(): Feed {
  const { client } = useApi()
  const found = feeds.get(client) ?? new Feed(client)
  feeds.set(client, found)
  return found
}

/** The newest execution of a workflow that the feed told of since the page opened. */
export function useFeed(workflowId: string): FeedEntry | undefined {
  const feed = useFeedSource()
  const [subscribe] = useState(() => (listener: () => void) => feed.listen(listener))
  return useSyncExternalStore(subscribe, () => feed.latestOf(workflowId))
}

/** Calls back for every change of an execution. */
export function useFeedEntries(onEntry: (entry: FeedEntry) => void) {
  const feed = useFeedSource()
  useEffect(() => feed.listen(onEntry), [feed, onEntry])
}
