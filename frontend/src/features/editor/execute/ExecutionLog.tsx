import { Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { Log } from '@/execution/Log'
import { isOver, type Progress } from '@/execution/progress'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'

const LogQuery = graphql(`
  query ExecutionLog($id: ID!) {
    execution(id: $id) { id steps(first: 1000) { id nodeId log { level text } } }
  }
`)

/** An execution that goes on prints on; asked for this often, in milliseconds. */
const every = 2000

interface ExecutionLogProps {
  progress: Progress
  nameOf: (nodeId: string) => string
}

/** What the code of all steps printed, in their order. */
export function ExecutionLog({ progress, nameOf }: ExecutionLogProps) {
  const over = isOver(progress.status)
  const [{ data, error }, reload] = useQuery({
    query: LogQuery,
    variables: { id: progress.executionId },
    requestPolicy: 'cache-and-network',
  })
  useEffect(() => {
    const ask = () => reload({ requestPolicy: 'network-only' })
    if (over) return ask()
    const timer = setInterval(ask, every)
    return () => clearInterval(timer)
  }, [over, reload])
  return (
    <Fetched
      value={data}
      error={error}
      onRetry={() => reload({ requestPolicy: 'network-only' })}
      skeleton={<Skeleton height={72} />}
    >
      {({ execution }) => {
        const steps = execution?.steps ?? []
        const lines = steps.flatMap(({ nodeId, log }) =>
          log.map(({ level, text }) => ({ level, text, from: nameOf(nodeId) })),
        )
        return <Log lines={lines} />
      }}
    </Fetched>
  )
}
