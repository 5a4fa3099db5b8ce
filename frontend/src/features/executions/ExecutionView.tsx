import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { isLater } from '@/api/resume'
import { isOver, nodeStates, recordedProgress, stepKey, stepsOf } from '@/execution/progress'
import { Timeline } from '@/execution/timeline/Timeline'
import { type LiveEvent, useProgress } from '@/execution/useProgress'
import { Calls } from './Calls'
import { ErrorCard } from './ErrorCard'
import type { ExecutedGraphProps, FoundExecution } from './ExecutionPage'
import classes from './ExecutionPage.module.css'
import { Facts } from './Facts'
import { useLabels } from './labels'
import { Queued } from './Queued'
import { StepPanel } from './StepPanel'
import type { ExecutionSearch } from './search'

interface ViewProps {
  execution: FoundExecution
  renderGraph: (props: ExecutedGraphProps) => React.ReactNode
  /** What was recorded has to be asked for again. */
  onStale: () => void
}

/** An execution that was found; what is chosen of it stands in the address. */
export function ExecutionView({ execution, renderGraph, onStale }: ViewProps) {
  const t = useLabels()
  const { step, tab } = useSearch({ from: '/frame/executions/$executionId' })
  const navigate = useNavigate()
  const { progress, events } = useLive(execution, onStale)
  const states = useMemo(() => nodeStates(progress), [progress])
  const names = useMemo(
    () => new Map(execution.graph.nodes.map((node) => [node.id, node.name])),
    [execution.graph.nodes],
  )
  const go = (change: ExecutionSearch) =>
    void navigate({
      to: '/executions/$executionId',
      params: { executionId: execution.id },
      search: { step, tab, ...change },
      replace: true,
    })

  const recorded = new Map(execution.steps.map((one) => [stepKey(one), one]))
  const last = (nodeId: string | undefined) => execution.steps.findLast((one) => one.nodeId === nodeId)
  const fallback = execution.error?.nodeId ?? execution.steps.at(-1)?.nodeId
  const chosen = step ? (recorded.get(step) ?? last(step)) : last(fallback)
  const choose = (key: string) => {
    // A step that began since the page asked has its items only in a newer answer.
    if (!recorded.has(key)) onStale()
    go({ step: key })
  }

  return (
    <div className={classes.page}>
      <Facts execution={execution} status={progress.status} />
      <div className={classes.columns}>
        <div className={classes.graph}>
          {renderGraph({
            graph: execution.graph,
            states,
            chosen: chosen?.nodeId,
            onChoose: (nodeId) => choose(stepKey(last(nodeId) ?? { nodeId, iteration: 0, attempt: 1 })),
          })}
        </div>
        <div className={classes.side}>
          <Queued status={progress.status} />
          {(!chosen?.error || tab !== undefined) && <ErrorCard execution={execution} />}
          <section aria-label={t('timeline')}>
            <h2 className={classes.title}>{t('timeline')}</h2>
            <Timeline
              steps={stepsOf(progress)}
              nameOf={(nodeId) => names.get(nodeId) ?? nodeId}
              chosen={chosen ? stepKey(chosen) : undefined}
              onChoose={(one) => choose(stepKey(one))}
            />
          </section>
          <Calls execution={execution} nameOf={(nodeId) => names.get(nodeId) ?? nodeId} />
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

/** Follows an execution event by event; when it ends, what was recorded is asked for once more. */
function useLive(execution: FoundExecution, onOver: () => void) {
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
  // The events tell more than the record, waits among it, as soon as they have come as far.
  const behind = live?.position == null || isLater(execution.position, live.position)
  return { progress: behind ? recorded : live, events }
}
