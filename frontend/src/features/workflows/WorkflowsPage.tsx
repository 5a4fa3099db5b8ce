import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Search, Workflow as WorkflowIcon } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useCommands } from '@/commands/CommandsProvider'
import { BarActions, BarTitle } from '@/frame/BarSlots'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import type { WorkflowState } from '@/gql/graphql'
import { Pager } from '@/ui/Pager'
import { Empty, Failed, TableSkeleton } from '@/ui/State'
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
  const [{ data, error, fetching }, reload] = useQuery({
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
  const filtered = Boolean(search.search ?? search.state)
  return (
    <div className={ui.page}>
      <BarTitle>{t('title')}</BarTitle>
      <BarActions>
        {mayCreate && (
          <Button size="xs" aria-label={t('create')} onClick={create}>
            <Plus size={15} aria-hidden />
            <span className={`${ui.hideNarrow} ${ui.buttonText}`}>{t('create')}</span>
          </Button>
        )}
      </BarActions>
      {(filtered || (list && list.totalCount > 0)) && <Filters search={search} onChange={go} />}
      {!list && fetching && <TableSkeleton rows={8} columns={6} />}
      {!list && error && <Failed error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {list && list.nodes.length === 0 && !filtered && (
        <Empty
          icon={WorkflowIcon}
          title={t('emptyTitle')}
          action={mayCreate && <Button onClick={create}>{t('create')}</Button>}
        >
          {t('empty')}
        </Empty>
      )}
      {list && list.nodes.length === 0 && filtered && (
        <Empty
          icon={Search}
          title={t('nothingTitle')}
          action={
            <Button variant="default" onClick={() => go({ search: undefined, state: undefined })}>
              {t('clear')}
            </Button>
          }
        >
          {t('nothing')}
        </Empty>
      )}
      {list && list.nodes.length > 0 && (
        <>
          <WorkflowTable
            rows={list.nodes}
            order={search.order ?? 'CHANGED_AT_DESC'}
            onOrder={(order) => go({ order })}
            onChanged={() => reload({ requestPolicy: 'network-only' })}
          />
          <Pager
            total={list.totalCount}
            onPrevious={
              list.pageInfo.hasPreviousPage
                ? () => go({ before: list.pageInfo.startCursor ?? undefined })
                : null
            }
            onNext={
              list.pageInfo.hasNextPage ? () => go({ after: list.pageInfo.endCursor ?? undefined }) : null
            }
          />
        </>
      )}
      {search.create && <CreateWorkflow onClose={() => go({ create: undefined })} />}
    </div>
  )
}

function Filters({
  search,
  onChange,
}: {
  search: WorkflowsSearch
  onChange: (change: WorkflowsSearch) => void
}) {
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
