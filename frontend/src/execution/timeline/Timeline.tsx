import { useFormat } from '@/i18n/format'
import { statusLook } from '@/ui/Status'
import { type StepProgress, stepKey } from '../progress'
import { type Bar, gantt, type Span } from './gantt'
import { useLabels } from './labels'
import classes from './Timeline.module.css'
import { useNow } from './useNow'

interface TimelineProps {
  steps: readonly StepProgress[]
  nameOf: (nodeId: string) => string
  chosen: string | undefined
  onChoose: (step: StepProgress) => void
}

const isOpen = ({ status }: StepProgress) => status === 'RUNNING' || status === 'WAITING'

/** Every step by start and length; retries are steps of their own, waits are hatched. */
export function Timeline({ steps, nameOf, chosen, onChoose }: TimelineProps) {
  const t = useLabels()
  const now = useNow(steps.some(isOpen))
  const bars = gantt(
    steps.map((step) => ({ ...step, open: isOpen(step) })),
    now,
  )
  if (steps.length === 0) return <p className="dim">{t('empty')}</p>
  return (
    <div className={classes.timeline}>
      {steps.map((step, at) => {
        const bar = bars[at]
        if (!bar) return null
        const key = stepKey(step)
        return (
          <Row
            key={key}
            step={step}
            name={nameOf(step.nodeId)}
            bar={bar}
            chosen={key === chosen}
            onChoose={() => onChoose(step)}
          />
        )
      })}
    </div>
  )
}

interface RowProps {
  step: StepProgress
  name: string
  bar: Bar
  chosen: boolean
  onChoose: () => void
}

function Row({ step, name, bar, chosen, onChoose }: RowProps) {
  const t = useLabels()
  const { duration } = useFormat()
  const { icon: Icon, tone } = statusLook[step.status]
  const counters = [
    step.iteration > 0 && t('iteration', { number: step.iteration + 1 }),
    step.attempt > 1 && t('attempt', { number: step.attempt }),
  ].filter(Boolean)
  return (
    <button type="button" className={classes.row} aria-pressed={chosen} onClick={onChoose}>
      <span className={classes.name}>
        <Icon size={14} aria-label={t(step.status)} data-tone={tone} />
        <span className="cut">{name}</span>
        {counters.length > 0 && <span className="dim cut">{counters.join(', ')}</span>}
      </span>
      <span className={classes.track}>
        <Fill span={bar.wait} tone="wait" />
        <Fill span={bar.work} tone={tone} />
      </span>
      <span className={classes.time}>{step.durationMs ? duration(step.durationMs) : ''}</span>
    </button>
  )
}

function Fill({ span, tone }: { span: Span | null; tone: string }) {
  if (!span) return null
  const style = { left: `${span.start * 100}%`, width: `${span.length * 100}%` }
  return <span className={classes.fill} data-tone={tone} style={style} />
}
