import { useEffect, useState } from 'react'
import { useApi } from '@/api/ApiContext'
import { graphql } from '@/gql/gql'
import type { ExecutionEventsSubscription } from '@/gql/graphql'
import { after, isOver, newProgress, type Progress } from './progress'

export const ExecutionEvents = graphql(`
  subscription ExecutionEvents($executionId: ID!, $after: Position) {
    executionEvents(executionId: $executionId, after: $after) {
      position at type executionId nodeId iteration attempt status outputCounts data
    }
  }
`)

export type LiveEvent = ExecutionEventsSubscription['executionEvents']

/** An execution as it goes on, from its beginning. Events of one frame are drawn together. */
export function useProgress(
  executionId: string | undefined,
  onEvent?: (event: LiveEvent) => void,
): Progress | null {
  const { client } = useApi()
  const [progress, setProgress] = useState<Progress | null>(null)
  useEffect(() => {
    if (!executionId) {
      setProgress(null)
      return
    }
    let current = newProgress(executionId)
    let frame = 0
    setProgress(current)
    const subscription = client.subscription(ExecutionEvents, { executionId }).subscribe(({ data }) => {
      if (!data) return
      onEvent?.(data.executionEvents)
      current = after(current, data.executionEvents)
      frame ||= requestAnimationFrame(() => {
        frame = 0
        setProgress(current)
      })
      if (isOver(current.status)) queueMicrotask(() => subscription.unsubscribe())
    })
    return () => {
      cancelAnimationFrame(frame)
      subscription.unsubscribe()
    }
  }, [client, executionId, onEvent])
  return progress
}
