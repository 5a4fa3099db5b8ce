import { Button, Group } from '@mantine/core'
import { FileUp, Plus, Variable as VariableIcon } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { BarActions } from '@/frame/BarSlots'
import { PrimaryAction } from '@/frame/PrimaryAction'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'
import { Pager } from '@/ui/Pager'
import { Empty, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { EditVariable } from './EditVariable'
import { ImportVariables } from './ImportVariables'
import { useLabels } from './labels'
import { VariableTable } from './VariableTable'

const VariablesQuery = graphql(`
  query Variables($first: Int, $after: String, $last: Int, $before: String) {
    variables(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id ...VariableTable_variable }
    }
  }
`)

const pageSize = 50

/** Texts that every workflow can read. */
export function VariablesPage() {
  const t = useLabels()
  const { may } = useViewer()
  const [page, setPage] = useState<{ first?: number; after?: string; last?: number; before?: string }>({
    first: pageSize,
  })
  const [{ data, error }, reload] = useQuery({ query: VariablesQuery, variables: page })
  const [opened, setOpened] = useState<'add' | 'import' | null>(null)
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const close = () => setOpened(null)
  const add = () => setOpened('add')
  const fromFile = () => setOpened('import')
  const variables = data?.variables
  // The last row of a page that is not the first was removed: there is nothing to look at, and others are before it.
  const astray = variables?.nodes.length === 0 && variables.totalCount > 0
  if (astray && (page.after || page.before)) setPage({ first: pageSize })
  const maySet = may('variable:set')
  return (
    <>
      {maySet && variables && variables.totalCount > 0 && (
        <>
          <BarActions>
            <Button size="xs" variant="default" aria-label={t('importVariables')} onClick={fromFile}>
              <FileUp size={15} aria-hidden />
              <span className={`${ui.hideNarrow} ${ui.buttonText}`}>{t('importVariables')}</span>
            </Button>
          </BarActions>
          <PrimaryAction label={t('addVariable')} onClick={add} />
        </>
      )}
      <Fetched
        value={variables}
        error={error}
        onRetry={refresh}
        skeleton={<TableSkeleton rows={4} columns={3} />}
      >
        {({ nodes, totalCount, pageInfo }) =>
          nodes.length > 0 ? (
            <>
              <VariableTable rows={nodes} onChanged={refresh} />
              <Pager
                total={totalCount}
                page={pageInfo}
                onTurn={(to) => setPage({ ...to, ...(to.before ? { last: pageSize } : { first: pageSize }) })}
              />
            </>
          ) : (
            <Empty
              icon={VariableIcon}
              title={t('variablesEmptyTitle')}
              action={
                maySet && (
                  <Group justify="center">
                    <Button leftSection={<Plus size={15} aria-hidden />} onClick={add}>
                      {t('addVariable')}
                    </Button>
                    <Button
                      variant="default"
                      leftSection={<FileUp size={15} aria-hidden />}
                      onClick={fromFile}
                    >
                      {t('importVariables')}
                    </Button>
                  </Group>
                )
              }
            >
              {t('variablesEmpty')}
            </Empty>
          )
        }
      </Fetched>
      {opened === 'add' && <EditVariable variable={null} onClose={close} onDone={refresh} />}
      {opened === 'import' && <ImportVariables onClose={close} onDone={refresh} />}
    </>
  )
}
