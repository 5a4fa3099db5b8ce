import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { Activity, Archive, ArrowDown, ArrowUp, Ellipsis, Pause, PencilLine, Play } from 'lucide-react'
import { useState } from 'react'
import { triggerIcon } from '@/catalogue/icons'
import { useFeed } from '@/execution/useFeed'
import { useViewer } from '@/frame/Viewer'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { WorkflowOrder, WorkflowRow_WorkflowFragment } from '@/gql/graphql'
import { useFormat } from '@/i18n/format'
import { Ago } from '@/ui/Ago'
import { Pill } from '@/ui/Pill'
import { Status } from '@/ui/Status'
import ui from '@/ui/ui.module.css'
import { ArchiveWorkflow } from './ArchiveWorkflow'
import { useLabels } from './labels'
import { usePausing } from './usePausing'

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
            <th scope="col">{t('state')}</th>
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
      <td>
        <Link
          to="/workflows/$workflowId"
          params={{ workflowId: workflow.id }}
          search={{}}
          onClick={(event) => event.stopPropagation()}
          style={{ color: 'inherit', fontWeight: 550, textDecoration: 'none' }}
        >
          {workflow.name}
        </Link>
      </td>
      <td>
        <State workflow={workflow} />
      </td>
      <td className={ui.hideNarrow}>
        <span style={{ display: 'inline-flex', gap: 8, verticalAlign: 'middle', color: 'var(--ink-2)' }}>
          {workflow.triggerKinds.map((kind) => {
            const Icon = triggerIcon(kind)
            return (
              <Tooltip key={kind} label={kind}>
                <Icon size={16} role="img" aria-label={kind} />
              </Tooltip>
            )
          })}
        </span>
      </td>
      <td>
        {last ? (
          <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
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
        {workflow.owner?.name}
      </td>
      <td className={`${ui.hideNarrow} dim small`}>
        <Ago at={workflow.changedAt} />
      </td>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the menu's clicks from opening the row */}
      <td data-align="right" onClick={(event) => event.stopPropagation()}>
        <RowMenu workflow={workflow} onOpen={open} onChanged={onChanged} />
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

interface RowMenuProps {
  workflow: WorkflowRow_WorkflowFragment
  onOpen: () => void
  onChanged: () => void
}

function RowMenu({ workflow, onOpen, onChanged }: RowMenuProps) {
  const t = useLabels()
  const navigate = useNavigate()
  const { may } = useViewer()
  const { pause, activate } = usePausing(workflow.id, onChanged)
  const [archiving, setArchiving] = useState(false)
  const showExecutions = () => void navigate({ to: '/executions', search: { workflow: workflow.id } })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('menu', { name: workflow.name })}>
            <Ellipsis size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<PencilLine size={14} aria-hidden />} onClick={onOpen}>
            {t('open')}
          </Menu.Item>
          <Menu.Item leftSection={<Activity size={14} aria-hidden />} onClick={showExecutions}>
            {t('executions')}
          </Menu.Item>
          {workflow.state === 'PUBLISHED' && may('workflow:activate') && (
            <Menu.Item leftSection={<Pause size={14} aria-hidden />} onClick={pause}>
              {t('pause')}
            </Menu.Item>
          )}
          {workflow.state === 'PAUSED' && may('workflow:activate') && (
            <Menu.Item leftSection={<Play size={14} aria-hidden />} onClick={activate}>
              {t('activate')}
            </Menu.Item>
          )}
          {may('workflow:archive') && (
            <Menu.Item
              color="red"
              leftSection={<Archive size={14} aria-hidden />}
              onClick={() => setArchiving(true)}
            >
              {t('archive')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {archiving && (
        <ArchiveWorkflow workflow={workflow} onClose={() => setArchiving(false)} onDone={onChanged} />
      )}
    </>
  )
}
