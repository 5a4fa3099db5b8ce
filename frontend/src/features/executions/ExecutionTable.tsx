import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { TriggerMark } from '@/catalogue/TriggerMark'
import { useCommands } from '@/commands/CommandsProvider'
import { elapsed } from '@/execution/moment'
import type { FeedEntry } from '@/execution/useFeed'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { ExecutionRow_ExecutionFragment } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { Ago } from '@/ui/Ago'
import { Status } from '@/ui/Status'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'
import { useVersionLabel } from './useVersionLabel'

export const ExecutionRow = graphql(`
  fragment ExecutionRow_execution on Execution {
    id workflowName status mode versionLabel triggerKind queuedAt startedAt finishedAt durationMs itemCount
  }
`)

interface TableProps {
  rows: readonly FragmentType<typeof ExecutionRow>[]
  /** What changed since the rows were loaded. */
  changed: ReadonlyMap<string, FeedEntry>
}

/** Rows that `j`, `k` and Enter walk through. */
export function ExecutionTable({ rows, changed }: TableProps) {
  const t = useLabels()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState(-1)
  const body = useRef<HTMLTableSectionElement>(null)
  const executions = readFragment(ExecutionRow, rows).map((row) => ({ ...row, ...changed.get(row.id) }))
  const open = (id: string) =>
    void navigate({ to: '/executions/$executionId', params: { executionId: id }, search: {} })
  const choose = (at: number) => setChosen(Math.max(0, Math.min(at, executions.length - 1)))
  const current = executions[chosen]
  useCommands([
    {
      id: 'executions.next',
      label: `${t('title')}: ↓`,
      shortcut: 'j',
      enabled: true,
      run: () => choose(chosen + 1),
    },
    {
      id: 'executions.previous',
      label: `${t('title')}: ↑`,
      shortcut: 'k',
      enabled: true,
      run: () => choose(chosen - 1),
    },
    {
      id: 'executions.open',
      label: `${t('title')}: ↵`,
      shortcut: 'enter',
      enabled: current !== undefined,
      run: () => current && open(current.id),
    },
  ])
  useEffect(() => {
    body.current?.querySelector('[data-chosen="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  return (
    <>
      <div className={ui.tableCard}>
        <table className={ui.table}>
          <thead>
            <tr>
              <th scope="col">{t('status')}</th>
              <th scope="col">{t('workflow')}</th>
              <th scope="col">{t('started')}</th>
              <th scope="col" data-align="right" className={ui.hideNarrow}>
                {t('duration')}
              </th>
              <th scope="col" className={ui.hideNarrow}>
                {t('trigger')}
              </th>
              <th scope="col" className={ui.hideNarrow}>
                {t('version')}
              </th>
              <th scope="col" data-align="right" className={ui.hideNarrow}>
                {t('items')}
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {executions.map((execution, at) => (
              <Row
                key={execution.id}
                execution={execution}
                chosen={at === chosen}
                onOpen={() => open(execution.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className={`${ui.hideNarrow} dim small`}>{t('keys')}</p>
    </>
  )
}

interface RowProps {
  execution: Omit<ExecutionRow_ExecutionFragment, ' $fragmentName'>
  chosen: boolean
  onOpen: () => void
}

function Row({ execution, chosen, onOpen }: RowProps) {
  const t = useLabels()
  const { number, duration } = useFormat()
  const versionOf = useVersionLabel()
  const took = elapsed(execution.startedAt, execution.finishedAt) ?? execution.durationMs
  return (
    <tr className={ui.row} data-chosen={chosen} onClick={onOpen}>
      <td>
        <Status status={execution.status} />
      </td>
      <td className={ui.name}>
        <Link
          to="/executions/$executionId"
          params={{ executionId: execution.id }}
          search={{}}
          onClick={(event) => event.stopPropagation()}
          style={{ color: 'inherit', fontWeight: 550, textDecoration: 'none' }}
        >
          {execution.workflowName}
        </Link>
      </td>
      <td className="dim" style={{ whiteSpace: 'nowrap' }}>
        <Ago at={execution.startedAt ?? execution.queuedAt} />
        {took != null && <span className={`${ui.onlyNarrow} small`}>{duration(took)}</span>}
      </td>
      <td data-align="right" className={ui.hideNarrow}>
        {took == null ? '–' : duration(took)}
      </td>
      <td className={ui.hideNarrow}>
        <span className={ui.withIcon}>
          <TriggerMark kind={execution.triggerKind ?? ''} />
          {t(execution.mode)}
        </span>
      </td>
      <td className={`${ui.hideNarrow} dim`}>{versionOf(execution.versionLabel)}</td>
      <td data-align="right" className={ui.hideNarrow}>
        {number(execution.itemCount)}
      </td>
    </tr>
  )
}
