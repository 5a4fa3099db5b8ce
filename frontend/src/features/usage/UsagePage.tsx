import { SegmentedControl, Skeleton } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ChartNoAxesColumn } from 'lucide-react'
import { useQuery } from 'urql'
import { BarTitle } from '@/frame/BarSlots'
import { graphql } from '@/gql/gql'
import type { UsageQuery as UsageData } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { Fetched } from '@/ui/Fetched'
import { Empty, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { Chart } from './Chart'
import { useLabels } from './labels'
import { dayBounds, everyDay, period } from './period'
import { periods } from './search'
import classes from './UsagePage.module.css'

const UsageQuery = graphql(`
  query Usage($from: Date!, $to: Date!) {
    usage(from: $from, to: $to) { date executions steps codeMs }
  }
`)

export type UsageDay = UsageData['usage'][number]

const unused = (date: string): UsageDay => ({ date, executions: 0, steps: 0, codeMs: 0 })

/** What was used, day by day: the basis of the bill. */
export function UsagePage() {
  const t = useLabels()
  const { days = 30 } = useSearch({ from: '/frame/usage' })
  const navigate = useNavigate()
  const bounds = period(days, Date.now())
  const [{ data, error }, reload] = useQuery({ query: UsageQuery, variables: bounds })
  return (
    <div className={ui.page}>
      <BarTitle>{t('title')}</BarTitle>
      <div className={ui.toolbar}>
        <SegmentedControl
          size="xs"
          aria-label={t('period')}
          value={String(days)}
          data={periods.map((count) => ({ value: String(count), label: t('days', { count }) }))}
          onChange={(value) =>
            void navigate({
              to: '/usage',
              search: { days: periods.find((one) => String(one) === value) },
              replace: true,
            })
          }
        />
      </div>
      <Fetched
        value={data?.usage}
        error={error}
        onRetry={() => reload({ requestPolicy: 'network-only' })}
        skeleton={<Loading />}
      >
        {(usage) =>
          usage.every((day) => day.executions === 0 && day.steps === 0) ? (
            <Empty icon={ChartNoAxesColumn} title={t('emptyTitle')}>
              {t('empty')}
            </Empty>
          ) : (
            <Numbers usage={everyDay(bounds, usage, unused)} />
          )
        }
      </Fetched>
    </div>
  )
}

/** The totals, the chart and the first rows, as high as they will be. */
function Loading() {
  return (
    <>
      <div className={classes.totals}>
        {[0, 1, 2].map((place) => (
          <Skeleton key={place} height={82} radius="md" />
        ))}
      </div>
      <Skeleton height={262} radius="md" mb="md" />
      <TableSkeleton rows={4} columns={4} />
    </>
  )
}

function Numbers({ usage }: { usage: readonly UsageDay[] }) {
  const t = useLabels()
  const { number, duration } = useFormat()
  const sum = (of: (day: UsageDay) => number) => usage.reduce((sofar, day) => sofar + of(day), 0)
  const totals = [
    [t('executions'), number(sum((day) => day.executions))],
    [t('steps'), number(sum((day) => day.steps))],
    [t('code'), duration(sum((day) => day.codeMs))],
  ] as const
  return (
    <>
      <dl className={classes.totals}>
        {totals.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Chart usage={usage} />
      <DayTable usage={usage} />
      <p className="dim small">{t('utc')}</p>
    </>
  )
}

function DayTable({ usage }: { usage: readonly UsageDay[] }) {
  const t = useLabels()
  const { number, duration, date } = useFormat()
  return (
    <div className={ui.tableCard}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">{t('day')}</th>
            <th scope="col" data-align="right">
              {t('executions')}
            </th>
            <th scope="col" data-align="right">
              {t('steps')}
            </th>
            <th scope="col" data-align="right">
              {t('code')}
            </th>
          </tr>
        </thead>
        <tbody className={classes.compact}>
          {usage
            .filter((day) => day.executions > 0 || day.steps > 0)
            .toReversed()
            .map((day) => (
              <tr key={day.date}>
                <td>{date(day.date)}</td>
                <td data-align="right">
                  {day.executions > 0 ? (
                    <Link
                      to="/executions"
                      search={dayBounds(day.date)}
                      title={t('show', { day: date(day.date) })}
                    >
                      {number(day.executions)}
                    </Link>
                  ) : (
                    <span className="dim">0</span>
                  )}
                </td>
                <td data-align="right">{number(day.steps)}</td>
                <td data-align="right">{duration(day.codeMs)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}
