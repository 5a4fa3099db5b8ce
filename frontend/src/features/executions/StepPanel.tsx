import { Tabs } from '@mantine/core'
import type { Json } from '@/api/scalars'
import { Log } from '@/execution/Log'
import { StepItems } from '@/execution/StepItems'
import type { LiveEvent } from '@/execution/useProgress'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import { JsonTree } from '@/ui/items/JsonTree'
import { ErrorText } from './ErrorCard'
import classes from './ExecutionPage.module.css'
import { useLabels } from './labels'
import { type StepTab, stepTabs } from './search'
import { Waiting } from './Waiting'

const StepPanelFragment = graphql(`
  fragment StepPanel_step on Step {
    id nodeId nodeName iteration attempt status inputCounts outputCounts
    ...Waiting_step
    error { message ...ErrorText_error }
    log { level text }
  }
`)

interface StepPanelProps {
  executionId: string
  workflowId: string | undefined
  step: FragmentType<typeof StepPanelFragment> | undefined
  tab: StepTab | undefined
  events: readonly LiveEvent[]
  onTab: (tab: StepTab) => void
}

/** The chosen step: what came in, what went out, what went wrong, what it printed, what was recorded. */
export function StepPanel({ executionId, workflowId, step: masked, tab, events, onTab }: StepPanelProps) {
  const t = useLabels()
  const step = readFragment(StepPanelFragment, masked)
  if (!step) return <p className="dim">{t('chooseStep')}</p>
  const shown = tab ?? (step.error ? 'error' : 'output')
  const own = events.filter(
    (event) => event.nodeId === step.nodeId && (event.iteration ?? 0) === step.iteration,
  )
  return (
    <section
      aria-label={t('stepOf', { name: step.nodeName, iteration: step.iteration + 1, attempt: step.attempt })}
    >
      <h2 className={classes.title}>{step.nodeName}</h2>
      <Waiting step={step} />
      <Tabs value={shown} onChange={(value) => onTab(value as StepTab)} keepMounted={false}>
        <Tabs.List mb="xs">
          {stepTabs.map((one) => (
            <Tabs.Tab key={one} value={one} px={8}>
              {t(one)}
              {one === 'log' && step.log.length > 0 && ` (${step.log.length})`}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {(['input', 'output'] as const).map((side) => (
          <Tabs.Panel key={side} value={side}>
            <StepItems
              key={`${step.id} ${side}`}
              executionId={executionId}
              nodeId={step.nodeId}
              stepId={step.id}
              side={side}
              freshness={step.status}
            />
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="error">
          {step.error ? (
            <ErrorText error={step.error} workflowId={workflowId} />
          ) : (
            <p className="dim">{t('noError')}</p>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <Log lines={step.log} />
        </Tabs.Panel>
        <Tabs.Panel value="events">
          {own.length === 0 && <p className="dim">{t('noEvents')}</p>}
          {own.map((event) => (
            <div key={String(event.position)} className={classes.event}>
              <span className="dim mono" title={t('position')}>
                {String(event.position)}
              </span>
              <JsonTree value={event.data as Json} label={event.type} depth={2} />
            </div>
          ))}
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}
