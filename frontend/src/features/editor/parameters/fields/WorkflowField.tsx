import { Select } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'

const WorkflowsQuery = graphql(`
  query WorkflowsToChoose($filter: WorkflowFilter) {
    workflows(first: 100, filter: $filter) { nodes { id reference name } }
  }
`)

/** One of the tenant's workflows, found by its name. The parameter holds its reference alone. */
export function WorkflowField({ value, disabled, error, labelId, onChange }: FieldProps) {
  const t = useLabels()
  const [search, setSearch] = useState('')
  const variables = { filter: search === '' ? null : { search } }
  const [{ data, fetching }] = useQuery({ query: WorkflowsQuery, variables })
  const chosen = typeof value === 'string' && value !== '' ? value : null
  const found = (data?.workflows.nodes ?? []).map(({ reference, name }) => ({
    value: reference,
    label: name,
  }))
  // What is chosen may be none of those that the search found.
  const known = chosen === null || found.some((one) => one.value === chosen)
  return (
    <Select
      aria-labelledby={labelId}
      placeholder={t(fetching ? 'loading' : 'chooseWorkflow')}
      searchable
      clearable
      value={chosen}
      data={known ? found : [...found, { value: chosen, label: chosen }]}
      disabled={disabled}
      error={error}
      onSearchChange={(typed) => setSearch(found.some((one) => one.label === typed) ? '' : typed)}
      onChange={(reference) => onChange(reference ?? undefined)}
    />
  )
}
