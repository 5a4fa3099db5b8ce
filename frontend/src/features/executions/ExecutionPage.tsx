import { Skeleton } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Activity, ChevronRight } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { useQuery } from 'urql'
import {
  isOver,
  type NodeState,
  nodeStates,
  recordedProgress,
  type StepProgress,
  stepKey,
} from '@/execution/progress'
import { type LiveEvent, useProgress } from '@/execution/useProgress'
import { BarTitle } from '@/frame/BarSlots'
import { graphql } from '@/gql/gql'
import type { ExecutionQuery as ExecutionData } from '@/gql/graphql'
import { Empty, Failed } from '@/ui/State'
import { ErrorCard } from './ErrorCard'
import classes from './ExecutionPage.module.css'
import { Facts } from './Facts'
import { useLabels } from './labels'
import { StepPanel } from './StepPanel'
import type { ExecutionSearch } from './search'
import { Timeline } from './Timeline'

const ExecutionQuery = graphql(`
  query Execution($id: ID!, $atLeast: Position) {
    execution(id: $id, atLeast: $atLeast) {
      id workflowName status position triggerNode
      workflow { id }
      graph { ...GraphView_graph }
      error { message nodeId }
      ...ExecutionFacts_execution
      ...ErrorCard_execution
      steps {
        id nodeId iteration attempt status outputCounts durationMs
        error { message }
        ...TimelineBar_step
        ...StepPanel_step
      }
    }
  }
`)

type Found = NonNullable<ExecutionData['execution']>

/** What the page needs of the canvas; the app hands it in, since the canvas belongs to another feature. */
export interface ExecutedGraphProps {
  graph: Found['graph']
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
  const execution = data?.execution
  const refresh = useCallback(() => reload({ requestPolicy: 'network-only' }), [reload])
  return (
    <>
      <BarTitle>
        <Link
          to="/executions"
          search={{}}
          className="dim"
          style={{ textDecoration: 'none', fontWeight: 500 }}
        >
          {t('title')}
        </Link>
        <ChevronRight size={14} aria-hidden />
        <span className="cut">{execution?.workflowName ?? <Skeleton height={14} width={160} />}</span>
      </BarTitle>
      {execution ? (
        <Loaded key={execution.id} execution={execution} renderGraph={renderGraph} onOver={refresh} />
      ) : error ? (
        <Failed error={error} onRetry={refresh} />
      ) : data ? (
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
      ) : (
        <div style={{ padding: 24 }} role="status">
          <Skeleton height={36} mb="md" />
          <Skeleton height={280} mb="md" />
          <Skeleton height={160} />
        </div>
      )}
    </>
  )
}

interface LoadedProps extends PageProps {
  execution: Found
  onOver: () => void
}

/** Follows an execution that is still at work; when it ends, what was recorded is asked for once more. */
function useLive(execution: Found, onOver: () => void) {
  const [events, setEvents] = useState<readonly LiveEvent[]>([])
  const add = useCallback((event: LiveEvent) => setEvents((known) => [...known, event]), [])
  const recorded = useMemo(
    () => recordedProgress(execution.id, execution.status, execution.position, execution.steps),
    [execution],
  )
  const live = useProgress(execution.id, add)
  const over = live !== null && isOver(live.status) && !isOver(execution.status)
  useEffect(() => {
    if (over) onOver()
  }, [over, onOver])
  const progress =
    isOver(execution.status) || live === null || live.steps.size < recorded.steps.size ? recorded : live
  return { progress, events }
}

function Loaded({ execution, renderGraph, onOver }: LoadedProps) {
  const { step, tab } = useSearch({ from: '/frame/executions/$executionId' })
  const navigate = useNavigate()
  const { progress, events } = useLive(execution, onOver)
  const states = useMemo(() => nodeStates(progress), [progress])
  const go = (change: ExecutionSearch) =>
    void navigate({
      to: '/executions/$executionId',
      params: { executionId: execution.id },
      search: { step, tab, ...change },
      replace: true,
    })

  const byKey = new Map(execution.steps.map((one) => [stepKey(one), one]))
  const fallback = execution.error?.nodeId ?? execution.steps.at(-1)?.nodeId
  const chosen =
    (step ? byKey.get(step) : undefined) ??
    execution.steps.findLast((one) => one.nodeId === (step ?? fallback))
  const choose = (one: Pick<StepProgress, 'nodeId' | 'iteration' | 'attempt'>) => go({ step: stepKey(one) })

  return (
    <div className={classes.page}>
      <Facts execution={execution} status={progress.status} />
      <div className={classes.columns}>
        <div className={classes.graph}>
          {renderGraph({
            graph: execution.graph,
            states,
            chosen: chosen?.nodeId,
            onChoose: (nodeId) =>
              go({
                step: stepKey(
                  execution.steps.findLast((one) => one.nodeId === nodeId) ?? {
                    nodeId,
                    iteration: 0,
                    attempt: 1,
                  },
                ),
              }),
          })}
        </div>
        <div className={classes.side}>
          {(!chosen?.error || tab !== undefined) && <ErrorCard execution={execution} />}
          <Timeline steps={execution.steps} chosen={chosen ? stepKey(chosen) : undefined} onChoose={choose} />
          <StepPanel
            executionId={execution.id}
            workflowId={execution.workflow?.id}
            step={chosen}
            tab={tab}
            events={events}
            onTab={(next) => go({ tab: next })}
          />
        </div>
      </div>
    </div>
  )
}
