import { Skeleton } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { useQuery } from 'urql'
import type { NodeState } from '@/execution/progress'
import { BarTitle } from '@/frame/BarSlots'
import { Crumb } from '@/frame/Crumb'
import { graphql } from '@/gql/gql'
import type { ExecutionQuery as ExecutionData } from '@/gql/graphql'
import { Fetched } from '@/ui/Fetched'
import { Empty } from '@/ui/State'
import { ExecutionView } from './ExecutionView'
import { useLabels } from './labels'

const ExecutionQuery = graphql(`
  query Execution($id: ID!, $atLeast: Position) {
    execution(id: $id, atLeast: $atLeast) {
      id workflowName status position
      workflow { id }
      graph { nodes { id name } ...GraphView_graph }
      error { nodeId }
      ...ExecutionFacts_execution
      ...ErrorCard_execution
      ...Calls_execution
      steps(first: 500) {
        id nodeId iteration attempt status outputCounts startedAt finishedAt durationMs
        error { message code }
        ...StepPanel_step
      }
    }
  }
`)

export type FoundExecution = NonNullable<ExecutionData['execution']>

/** What the page needs of the canvas; the app hands it in, since the canvas belongs to another feature. */
export interface ExecutedGraphProps {
  graph: FoundExecution['graph']
  states: ReadonlyMap<string, NodeState>
  chosen: string | undefined
  onChoose: (nodeId: string) => void
}

interface PageProps {
  renderGraph: (props: ExecutedGraphProps) => ReactNode
}

/** One execution: its graph, its course, and every step's data. */
export function ExecutionPage({ renderGraph }: PageProps) {
  const t = useLabels()
  const { executionId } = useParams({ from: '/frame/executions/$executionId' })
  const [{ data, error }, reload] = useQuery({ query: ExecutionQuery, variables: { id: executionId } })
  const refresh = useCallback(() => reload({ requestPolicy: 'network-only' }), [reload])
  const title = data ? data.execution?.workflowName : <Skeleton height={14} width={160} />
  return (
    <>
      <BarTitle>
        <Crumb to="/executions">{t('title')}</Crumb>
        <span className="cut">{title}</span>
      </BarTitle>
      <Fetched value={data} error={error} onRetry={refresh} skeleton={<Loading />}>
        {({ execution }) =>
          execution ? (
            <ExecutionView
              key={execution.id}
              execution={execution}
              renderGraph={renderGraph}
              onStale={refresh}
            />
          ) : (
            <Gone />
          )
        }
      </Fetched>
    </>
  )
}

function Gone() {
  const t = useLabels()
  return (
    <Empty
      icon={Activity}
      title={t('gone')}
      action={
        <Link to="/executions" search={{}}>
          {t('back')}
        </Link>
      }
    >
      {t('goneWhy')}
    </Empty>
  )
}

function Loading() {
  const t = useLabels()
  return (
    <div style={{ padding: 24 }} role="status" aria-label={t('loading')}>
      <Skeleton height={36} mb="md" />
      <Skeleton height={280} mb="md" />
      <Skeleton height={160} />
    </div>
  )
}
