import { Button, Chip, Group } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Activity, ArrowUp, X } from 'lucide-react'
import { useQuery } from 'urql'
import { BarTitle } from '@/frame/BarSlots'
import { graphql } from '@/gql/gql'
import type { ExecutionMode, ExecutionStatus } from '@/gql/graphql'
import { Fetched } from '@/ui/Fetched'
import { Pager } from '@/ui/Pager'
import { Empty, NoneFits, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { ExecutionTable } from './ExecutionTable'
import { useLabels } from './labels'
import { type ExecutionsSearch, modes, queryVariables, statuses } from './search'
import { useNewOnes } from './useNewOnes'

const ExecutionsQuery = graphql(`
  query Executions($first: Int, $after: String, $last: Int, $before: String, $filter: ExecutionFilter) {
    executions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id workflow { id } ...ExecutionRow_execution }
    }
  }
`)

/** What was executed and what is at work, newest first. */
export function ExecutionsPage() {
  const t = useLabels()
  const search = useSearch({ from: '/frame/executions' })
  const navigate = useNavigate()
  const [{ data, error }, reload] = useQuery({
    query: ExecutionsQuery,
    variables: queryVariables(search),
  })
  const go = (change: ExecutionsSearch) =>
    void navigate({
      to: '/executions',
      search: { ...search, after: undefined, before: undefined, ...change },
      replace: true,
    })
  const list = data?.executions
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const { changed, count, forget } = useNewOnes(list?.nodes ?? [], search)
  const showNew = () => {
    forget()
    go({})
    refresh()
  }
  const filtered = Boolean(search.status ?? search.mode ?? search.workflow ?? search.from)
  const something = filtered || list === undefined || list.totalCount > 0

  return (
    <div className={ui.page}>
      <BarTitle>{t('title')}</BarTitle>
      <div className={ui.toolbar}>
        {something && <Filters search={search} onChange={go} />}
        {count > 0 && (
          <Button
            ml="auto"
            size="xs"
            radius="xl"
            leftSection={<ArrowUp size={14} aria-hidden />}
            onClick={showNew}
          >
            {t('newOnes', { count })}
          </Button>
        )}
      </div>
      <Fetched
        value={list}
        error={error}
        onRetry={refresh}
        skeleton={<TableSkeleton rows={10} columns={6} />}
      >
        {({ nodes, totalCount, pageInfo }) =>
          nodes.length === 0 ? (
            <Nothing filtered={filtered} onClear={() => void navigate({ to: '/executions', search: {} })} />
          ) : (
            <>
              <ExecutionTable rows={nodes} changed={changed} />
              <Pager total={totalCount} page={pageInfo} onTurn={go} />
            </>
          )
        }
      </Fetched>
    </div>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const t = useLabels()
  if (filtered) {
    return (
      <NoneFits title={t('nothingTitle')} onClear={onClear}>
        {t('nothing')}
      </NoneFits>
    )
  }
  return (
    <Empty
      icon={Activity}
      title={t('emptyTitle')}
      action={
        <Link to="/workflows" search={{}}>
          {t('toWorkflows')}
        </Link>
      }
    >
      {t('empty')}
    </Empty>
  )
}

interface FiltersProps {
  search: ExecutionsSearch
  onChange: (change: ExecutionsSearch) => void
}

function Filters({ search, onChange }: FiltersProps) {
  const t = useLabels()
  const orNothing = <T,>(chosen: T[]) => (chosen.length > 0 ? chosen : undefined)
  return (
    <search style={{ display: 'flex', flexWrap: 'wrap', gap: '6px 16px' }}>
      <Chip.Group
        multiple
        value={search.status ?? []}
        onChange={(next) => onChange({ status: orNothing(next as ExecutionStatus[]) })}
      >
        <Group gap={6} role="group" aria-label={t('filterStatus')}>
          {statuses.map((status) => (
            <Chip key={status} size="xs" variant="outline" value={status}>
              {t(status)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Chip.Group
        multiple
        value={search.mode ?? []}
        onChange={(next) => onChange({ mode: orNothing(next as ExecutionMode[]) })}
      >
        <Group gap={6} role="group" aria-label={t('filterMode')}>
          {modes.map((mode) => (
            <Chip key={mode} size="xs" variant="outline" value={mode}>
              {t(mode)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {search.workflow && (
        <Button
          size="compact-xs"
          variant="default"
          rightSection={<X size={12} aria-hidden />}
          onClick={() => onChange({ workflow: undefined })}
        >
          {t('oneWorkflow')}
        </Button>
      )}
      {search.from && (
        <Button
          size="compact-xs"
          variant="default"
          rightSection={<X size={12} aria-hidden />}
          onClick={() => onChange({ from: undefined, to: undefined })}
        >
          {t('day', { day: search.from.slice(0, 10) })}
        </Button>
      )}
    </search>
  )
}
