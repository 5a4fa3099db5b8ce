import { Tooltip } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useFormat } from '@/i18n/format'
import { useLabels } from './labels'
import { dayBounds, roundTop } from './period'
import type { UsageDay } from './UsagePage'
import classes from './UsagePage.module.css'

/** A bar for each day; it leads to the day's executions. The table below says the same in numbers. */
export function Chart({ usage }: { usage: readonly UsageDay[] }) {
  const t = useLabels()
  const { number, date } = useFormat()
  const navigate = useNavigate()
  const top = roundTop(Math.max(...usage.map((day) => day.executions)))
  const everyNth = Math.ceil(usage.length / 8)
  return (
    <figure className={classes.chart}>
      <figcaption>{t('perDay')}</figcaption>
      <div className={classes.plot}>
        <div className={classes.axis} aria-hidden>
          <span>{number(top)}</span>
          <span>{number(top / 2)}</span>
          <span>0</span>
        </div>
        <div className={classes.bars}>
          {usage.map((day, at) => {
            const words = t('chartOf', { day: date(day.date), count: number(day.executions) })
            return (
              <Tooltip key={day.date} label={words} openDelay={0}>
                <button
                  type="button"
                  aria-label={words}
                  className={classes.column}
                  onClick={() => void navigate({ to: '/executions', search: dayBounds(day.date) })}
                >
                  <span className={classes.bar} style={{ height: `${(100 * day.executions) / top}%` }} />
                  {at % everyNth === 0 && (
                    <span className={classes.tick} data-minor={at % (2 * everyNth) !== 0}>
                      {date(day.date)}
                    </span>
                  )}
                </button>
              </Tooltip>
            )
          })}
        </div>
      </div>
    </figure>
  )
}
