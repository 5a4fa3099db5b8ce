import { Button, Select } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { useCommands } from '@/commands/CommandsProvider'
import { BarTitle } from '@/frame/BarSlots'
import { PrimaryAction } from '@/frame/PrimaryAction'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'
import { Pager } from '@/ui/Pager'
import { Empty, NoneFits, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { CreateCredential } from './CreateCredential'
import { CredentialTable } from './CredentialTable'
import { useLabels } from './labels'
import { type CredentialsSearch, queryVariables } from './search'
import { type CredentialType, useTypes } from './useTypes'

const CredentialsQuery = graphql(`
  query Credentials($first: Int, $after: String, $last: Int, $before: String, $type: String) {
    credentials(first: $first, after: $after, last: $last, before: $before, type: $type) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id ...CredentialTable_credential }
    }
  }
`)

/** What nodes sign in with elsewhere. */
export function CredentialsPage() {
  const t = useLabels()
  const search = useSearch({ from: '/frame/credentials' })
  const navigate = useNavigate()
  const { may } = useViewer()
  const { types, error: typesError, reload: reloadTypes } = useTypes()
  const [{ data, error }, reload] = useQuery({ query: CredentialsQuery, variables: queryVariables(search) })
  const go = (change: CredentialsSearch) =>
    void navigate({
      to: '/credentials',
      search: { ...search, after: undefined, before: undefined, ...change },
      replace: true,
    })
  const refresh = () => {
    reload({ requestPolicy: 'network-only' })
    if (!types) reloadTypes({ requestPolicy: 'network-only' })
  }
  const create = () => go({ create: true })
  const mayCreate = may('credential:create')
  useCommands([{ id: 'credential.create', label: t('add'), shortcut: 'c', enabled: mayCreate, run: create }])

  const list = data?.credentials
  // The last row of a page that is not the first was removed: there is nothing to look at, and others are before it.
  const astray = list?.nodes.length === 0 && list.totalCount > 0 && Boolean(search.after ?? search.before)
  useEffect(() => {
    if (astray) void navigate({ to: '/credentials', search: { type: search.type }, replace: true })
  }, [astray, navigate, search.type])
  // Where there is nothing, the page itself says what can be made and has the button for it.
  const something = search.type !== undefined || (list !== undefined && list.totalCount > 0)
  return (
    <div className={ui.page}>
      <BarTitle>{t('title')}</BarTitle>
      {mayCreate && something && <PrimaryAction label={t('add')} onClick={create} />}
      {something && types && <Filter type={search.type} types={types} onChange={(type) => go({ type })} />}
      <Fetched
        value={types && list && { types, list }}
        error={error ?? typesError}
        onRetry={refresh}
        skeleton={<TableSkeleton rows={6} columns={5} />}
      >
        {({ types: known, list: { nodes, totalCount, pageInfo } }) =>
          nodes.length === 0 ? (
            <Nothing
              filtered={Boolean(search.type)}
              onClear={() => go({ type: undefined })}
              onCreate={mayCreate ? create : null}
            />
          ) : (
            <>
              <CredentialTable rows={nodes} types={known} onChanged={refresh} />
              <Pager total={totalCount} page={pageInfo} onTurn={go} />
            </>
          )
        }
      </Fetched>
      {search.create && mayCreate && types && (
        <CreateCredential
          types={types}
          type={search.type}
          onClose={() => go({ create: undefined })}
          onDone={refresh}
        />
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
      <NoneFits title={t('noneTitle')} onClear={onClear}>
        {t('none')}
      </NoneFits>
    )
  }
  return (
    <Empty
      icon={KeyRound}
      title={t('emptyTitle')}
      action={onCreate && <Button onClick={onCreate}>{t('add')}</Button>}
    >
      {t('empty')}
    </Empty>
  )
}

interface FilterProps {
  type: string | undefined
  types: readonly CredentialType[]
  onChange: (type: string | undefined) => void
}

function Filter({ type, types, onChange }: FilterProps) {
  const t = useLabels()
  return (
    <search className={ui.toolbar}>
      <Select
        w={260}
        size="xs"
        aria-label={t('type')}
        placeholder={t('allTypes')}
        clearable
        searchable
        value={type ?? null}
        data={types.map(({ kind, label }) => ({ value: kind, label }))}
        onChange={(chosen) => onChange(chosen ?? undefined)}
      />
    </search>
  )
}
