import { stepKey } from '@/execution/progress'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { TimelineBar_StepFragment } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { statusLook } from '@/ui/Status'
import classes from './ExecutionPage.module.css'
import { type Bar, gantt } from './gantt'
import { useLabels } from './labels'

const TimelineBar = graphql(`
  fragment TimelineBar_step on Step { id nodeId nodeName iteration attempt status startedAt finishedAt durationMs }
`)

interface TimelineProps {
  steps: readonly FragmentType<typeof TimelineBar>[]
  chosen: string | undefined
  onChoose: (step: { nodeId: string; iteration: number; attempt: number }) => void
}

/** Every step by start and length; retries are steps of their own, waits are hatched. */
export function Timeline({ steps: masked, chosen, onChoose }: TimelineProps) {
  const t = useLabels()
  const steps = readFragment(TimelineBar, masked)
  const bars = gantt(steps, Date.now())
  return (
    <section aria-label={t('timeline')}>
      <h2 className={classes.title}>{t('timeline')}</h2>
      {steps.length === 0 && <p className="dim">{t('timelineEmpty')}</p>}
      {steps.length > 0 && (
        <div className={classes.timeline}>
          {steps.map((step, at) => (
            <Row
              key={step.id}
              step={step}
              bar={bars[at] ?? null}
              chosen={stepKey(step) === chosen}
              onChoose={() => onChoose(step)}
            />
          ))}
        </div>
      )}
    </section>
  )
}

interface RowProps {
  step: TimelineBar_StepFragment
  bar: Bar | null
  chosen: boolean
  onChoose: () => void
}

function Row({ step, bar, chosen, onChoose }: RowProps) {
  const t = useLabels()
  const { duration } = useFormat()
  const { icon: Icon, tone } = statusLook[step.status]
  const counters = [
    step.iteration > 0 && t('iteration', { number: step.iteration + 1 }),
    step.attempt > 1 && t('attempt', { number: step.attempt }),
  ].filter(Boolean)
  return (
    <button type="button" className={classes.bar} aria-pressed={chosen} onClick={onChoose}>
      <span className={classes.barName}>
        <Icon
          size={14}
          aria-label={t(step.status === 'UNKNOWN' ? 'WAITING' : step.status)}
          data-tone={tone}
        />
        <span className="cut">{step.nodeName}</span>
        {counters.length > 0 && <span className="dim cut">{counters.join(', ')}</span>}
      </span>
      <span className={classes.barTrack}>
        {bar && (
          <span
            className={classes.barFill}
            data-tone={tone}
            style={{ left: `${bar.start * 100}%`, width: `${bar.length * 100}%` }}
          />
        )}
      </span>
      <span className={classes.barTime}>{step.durationMs != null ? duration(step.durationMs) : ''}</span>
    </button>
  )
}
