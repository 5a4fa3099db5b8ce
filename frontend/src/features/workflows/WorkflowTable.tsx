import { Tooltip } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { TriggerMark } from '@/catalogue/TriggerMark'
import { useFeed } from '@/execution/useFeed'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { WorkflowOrder, WorkflowRow_WorkflowFragment } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { Ago } from '@/ui/Ago'
import { Pill } from '@/ui/Pill'
import { Status } from '@/ui/Status'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'
import { WorkflowMenu } from './WorkflowMenu'

export const WorkflowRow = graphql(`
  fragment WorkflowRow_workflow on Workflow {
    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt
    owner { id name }
    lastExecution { id status queuedAt startedAt }
    statistics(days: 7) { succeeded failed total }
  }
`)

interface TableProps {
  rows: readonly FragmentType<typeof WorkflowRow>[]
  order: WorkflowOrder
  onOrder: (order: WorkflowOrder) => void
  onChanged: () => void
}

export function WorkflowTable({ rows, order, onOrder, onChanged }: TableProps) {
  const t = useLabels()
  return (
    <div className={ui.tableCard}>
      <table className={ui.table}>
        <thead>
          <tr>
            <Sortable label={t('name')} by="NAME" order={order} onOrder={onOrder} />
            <th scope="col" className={ui.hideNarrow}>
              {t('state')}
            </th>
            <th scope="col" className={ui.hideNarrow}>
              {t('triggers')}
            </th>
            <th scope="col">{t('lastExecution')}</th>
            <th scope="col" className={ui.hideNarrow}>
              {t('week')}
            </th>
            <th scope="col" className={ui.hideNarrow}>
              {t('owner')}
            </th>
            <Sortable
              label={t('changed')}
              by="CHANGED_AT"
              order={order}
              onOrder={onOrder}
              className={ui.hideNarrow}
            />
            <td aria-hidden />
          </tr>
        </thead>
        <tbody>
          {readFragment(WorkflowRow, rows).map((workflow) => (
            <Row key={workflow.id} workflow={workflow} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface SortableProps {
  label: string
  by: 'NAME' | 'CHANGED_AT'
  order: WorkflowOrder
  onOrder: (order: WorkflowOrder) => void
  className?: string
}

function Sortable({ label, by, order, onOrder, className }: SortableProps) {
  const ascending = order === `${by}_ASC`
  const active = order.startsWith(by)
  const Arrow = ascending ? ArrowUp : ArrowDown
  return (
    <th
      scope="col"
      className={className}
      aria-sort={active ? (ascending ? 'ascending' : 'descending') : 'none'}
    >
      <button
        type="button"
        className={ui.sort}
        onClick={() => onOrder(ascending ? `${by}_DESC` : `${by}_ASC`)}
      >
        {label}
        {active && <Arrow size={12} aria-hidden />}
      </button>
    </th>
  )
}

function Row({ workflow, onChanged }: { workflow: WorkflowRow_WorkflowFragment; onChanged: () => void }) {
  const navigate = useNavigate()
  const last = useFeed(workflow.id) ?? workflow.lastExecution
  const open = () =>
    void navigate({ to: '/workflows/$workflowId', params: { workflowId: workflow.id }, search: {} })
  const t = useLabels()
  return (
    // The whole row is a larger target for the mouse; the link in it is what the keyboard and readers use.
    <tr className={ui.row} onClick={open}>
      <td className={ui.name}>
        <Link
          to="/workflows/$workflowId"
          params={{ workflowId: workflow.id }}
          search={{}}
          onClick={(event) => event.stopPropagation()}
          style={{ color: 'inherit', fontWeight: 550, textDecoration: 'none' }}
        >
          {workflow.name}
        </Link>
        <span className={ui.onlyNarrow}>
          <State workflow={workflow} />
        </span>
      </td>
      <td className={ui.hideNarrow}>
        <State workflow={workflow} />
      </td>
      <td className={ui.hideNarrow}>
        <span className={ui.withIcon}>
          {workflow.triggerKinds.map((kind) => (
            <TriggerMark key={kind} kind={kind} />
          ))}
        </span>
      </td>
      <td>
        {last ? (
          <span className={ui.last}>
            <Status status={last.status} />
            <span className="dim small">
              <Ago at={last.startedAt ?? last.queuedAt} />
            </span>
          </span>
        ) : (
          <span className="dim small">{t('never')}</span>
        )}
      </td>
      <td className={ui.hideNarrow}>
        <Week {...workflow.statistics} />
      </td>
      <td className={`${ui.hideNarrow} dim`} style={{ whiteSpace: 'nowrap' }}>
        {workflow.owner?.name ?? '–'}
      </td>
      <td className={`${ui.hideNarrow} dim small`}>
        <Ago at={workflow.changedAt} />
      </td>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the menu's clicks from opening the row */}
      <td data-align="right" onClick={(event) => event.stopPropagation()}>
        <WorkflowMenu workflow={workflow} onOpen={open} onChanged={onChanged} />
      </td>
    </tr>
  )
}

function State({ workflow }: { workflow: WorkflowRow_WorkflowFragment }) {
  const t = useLabels()
  if (workflow.state === 'DRAFT') return <Pill tone="grey">{t('DRAFT')}</Pill>
  if (workflow.state === 'PAUSED') return <Pill tone="amber">{t('PAUSED')}</Pill>
  return (
    <Tooltip label={t('unpublished')} disabled={!workflow.hasUnpublishedChanges}>
      <span>
        <Pill tone="green">
          {t('version', { version: workflow.publishedVersion ?? 1 })}
          {workflow.hasUnpublishedChanges && (
            <>
              <span aria-hidden>•</span>
              <span className="visually-hidden">{t('unpublished')}</span>
            </>
          )}
        </Pill>
      </span>
    </Tooltip>
  )
}

function Week({ succeeded, failed, total }: { succeeded: number; failed: number; total: number }) {
  const t = useLabels()
  const { number } = useFormat()
  if (total === 0) return <span className="dim small">{t('noWeek')}</span>
  const words = t('weekBar', { count: total, succeeded: number(succeeded) })
  return (
    <Tooltip label={words}>
      <div className={ui.bar7} role="img" aria-label={words}>
        <span style={{ width: `${(100 * succeeded) / total}%` }} />
        <span style={{ width: `${(100 * failed) / total}%` }} />
      </div>
    </Tooltip>
  )
}
