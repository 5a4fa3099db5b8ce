import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Search, Workflow as WorkflowIcon } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useCommands } from '@/commands/CommandsProvider'
import { BarTitle } from '@/frame/BarSlots'
import { PrimaryAction } from '@/frame/PrimaryAction'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import type { WorkflowState } from '@/gql/graphql'
import { Fetched } from '@/ui/Fetched'
import { Pager } from '@/ui/Pager'
import { Empty, NoneFits, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { CreateWorkflow } from './CreateWorkflow'
import { useLabels } from './labels'
import { queryVariables, type WorkflowsSearch } from './search'
import { WorkflowTable } from './WorkflowTable'

const WorkflowsQuery = graphql(`
  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {
    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id ...WorkflowRow_workflow }
    }
  }
`)

export function WorkflowsPage() {
  const t = useLabels()
  const search = useSearch({ from: '/frame/workflows' })
  const navigate = useNavigate()
  const { may } = useViewer()
  const [{ data, error }, reload] = useQuery({
    query: WorkflowsQuery,
    variables: queryVariables(search),
  })
  const go = (change: WorkflowsSearch) =>
    void navigate({
      to: '/workflows',
      search: { ...search, after: undefined, before: undefined, ...change },
      replace: true,
    })
  const create = () => go({ create: true })
  const mayCreate = may('workflow:create')
  useCommands([{ id: 'workflow.create', label: t('create'), shortcut: 'c', enabled: mayCreate, run: create }])

  const list = data?.workflows
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const filtered = Boolean(search.search ?? search.state)
  // Where there is nothing, the page itself says what can be made and has the button for it.
  const something = filtered || (list !== undefined && list.totalCount > 0)
  return (
    <div className={ui.page}>
      <BarTitle>{t('title')}</BarTitle>
      {mayCreate && something && <PrimaryAction label={t('create')} onClick={create} />}
      {something && <Filters search={search} onChange={go} />}
      <Fetched value={list} error={error} onRetry={refresh} skeleton={<TableSkeleton rows={8} columns={6} />}>
        {({ nodes, totalCount, pageInfo }) =>
          nodes.length === 0 ? (
            <Nothing
              filtered={filtered}
              onClear={() => go({ search: undefined, state: undefined })}
              onCreate={mayCreate ? create : null}
            />
          ) : (
            <>
              <WorkflowTable
                rows={nodes}
                order={search.order ?? 'CHANGED_AT_DESC'}
                onOrder={(order) => go({ order })}
                onChanged={refresh}
              />
              <Pager total={totalCount} page={pageInfo} onTurn={go} />
            </>
          )
        }
      </Fetched>
      {search.create && mayCreate && (
        <CreateWorkflow onClose={() => go({ create: undefined })} onChanged={refresh} />
      )}
    </div>
  )
}

interface NothingProps {
  filtered: boolean
  onClear: () => void
  onCreate: (() => void) | null
}

function Nothing({ filtered, onClear, onCreate }: NothingProps) {
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
      icon={WorkflowIcon}
      title={t('emptyTitle')}
      action={onCreate && <Button onClick={onCreate}>{t('create')}</Button>}
    >
      {t('empty')}
    </Empty>
  )
}

interface FiltersProps {
  search: WorkflowsSearch
  onChange: (change: WorkflowsSearch) => void
}

function Filters({ search, onChange }: FiltersProps) {
  const t = useLabels()
  const [text, setText] = useState(search.search ?? '')
  const find = useDebouncedCallback((value: string) => onChange({ search: value || undefined }), 250)
  const states: WorkflowState[] = ['DRAFT', 'PUBLISHED', 'PAUSED']
  return (
    <search className={ui.toolbar}>
      <TextInput
        w={260}
        size="xs"
        placeholder={t('search')}
        aria-label={t('search')}
        leftSection={<Search size={14} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          find(event.currentTarget.value)
        }}
      />
      <Select
        w={150}
        size="xs"
        aria-label={t('state')}
        placeholder={t('allStates')}
        clearable
        value={search.state?.[0] ?? null}
        data={states.map((value) => ({ value, label: t(value) }))}
        onChange={(value) => onChange({ state: value ? [value as WorkflowState] : undefined })}
      />
    </search>
  )
}
