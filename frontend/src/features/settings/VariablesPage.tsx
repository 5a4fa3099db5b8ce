import { Button } from '@mantine/core'
import { Plus, Variable as VariableIcon } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { PrimaryAction } from '@/frame/PrimaryAction'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'
import { Empty, TableSkeleton } from '@/ui/State'
import { EditVariable } from './EditVariable'
import { useLabels } from './labels'
import { VariableTable } from './VariableTable'

const VariablesQuery = graphql(`
  query Variables { variables(first: 100) { nodes { id ...VariableTable_variable } } }
`)

/** Texts that every workflow can read. */
export function VariablesPage() {
  const t = useLabels()
  const { may } = useViewer()
  const [{ data, error }, reload] = useQuery({ query: VariablesQuery })
  const [adding, setAdding] = useState(false)
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const add = () => setAdding(true)
  const variables = data?.variables
  const maySet = may('variable:set')
  return (
    <>
      {maySet && variables && variables.nodes.length > 0 && (
        <PrimaryAction label={t('addVariable')} onClick={add} />
      )}
      <Fetched
        value={variables}
        error={error}
        onRetry={refresh}
        skeleton={<TableSkeleton rows={4} columns={3} />}
      >
        {({ nodes }) =>
          nodes.length > 0 ? (
            <VariableTable rows={nodes} onChanged={refresh} />
          ) : (
            <Empty
              icon={VariableIcon}
              title={t('variablesEmptyTitle')}
              action={
                maySet && (
                  <Button leftSection={<Plus size={15} aria-hidden />} onClick={add}>
                    {t('addVariable')}
                  </Button>
                )
              }
            >
              {t('variablesEmpty')}
            </Empty>
          )
        }
      </Fetched>
      {adding && <EditVariable variable={null} onClose={() => setAdding(false)} onDone={refresh} />}
    </>
  )
}
