import { Tooltip } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { triggerIcon } from '@/catalogue/icons'
import { useCommands } from '@/commands/CommandsProvider'
import type { FeedEntry } from '@/execution/useFeed'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { ExecutionRow_ExecutionFragment } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { Ago } from '@/ui/Ago'
import { Status } from '@/ui/Status'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'

export const ExecutionRow = graphql(`
  fragment ExecutionRow_execution on Execution {
    id workflowName status mode versionLabel triggerKind queuedAt startedAt durationMs itemCount
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
      enabled: current !== undefined && document.activeElement === document.body,
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
              <th scope="col" data-align="right">
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
  const Icon = triggerIcon(execution.triggerKind ?? '')
  return (
    <tr className={ui.row} data-chosen={chosen} onClick={onOpen}>
      <td>
        <Status status={execution.status} />
      </td>
      <td>
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
      </td>
      <td data-align="right">{execution.durationMs != null ? duration(execution.durationMs) : '–'}</td>
      <td className={ui.hideNarrow}>
        <Tooltip label={(execution.triggerKind ?? '').replace(/@.*/, '')}>
          <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center', color: 'var(--ink-2)' }}>
            <Icon size={15} aria-hidden />
            {t(execution.mode)}
          </span>
        </Tooltip>
      </td>
      <td className={`${ui.hideNarrow} dim`}>{execution.versionLabel}</td>
      <td data-align="right" className={ui.hideNarrow}>
        {number(execution.itemCount)}
      </td>
    </tr>
  )
}
