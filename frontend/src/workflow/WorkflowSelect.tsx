import { Select, type SelectProps } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import { useLabels } from './labels'

const WorkflowsQuery = graphql(`
  query WorkflowsToChoose($filter: WorkflowFilter) {
    workflows(first: 100, filter: $filter) { nodes { id reference name } }
  }
`)

interface WorkflowSelectProps
  extends Pick<SelectProps, 'disabled' | 'readOnly' | 'error' | 'label' | 'description'> {
  /** The reference of the chosen workflow. */
  value: string | null
  labelId?: string
  /** Choices that are not workflows, above them. */
  others?: readonly { value: string; label: string }[]
  onChange: (reference: string | null) => void
}

/** One of the tenant's workflows, found by its name. */
export function WorkflowSelect({ value, labelId, others = [], onChange, ...rest }: WorkflowSelectProps) {
  const t = useLabels()
  const [search, setSearch] = useState('')
  const variables = { filter: search === '' ? null : { search } }
  const [{ data, fetching }] = useQuery({ query: WorkflowsQuery, variables })
  const found = (data?.workflows.nodes ?? []).map(({ reference, name }) => ({
    value: reference,
    label: name,
  }))
  const offered = [...others, ...found]
  // What is chosen may be none of those that the search found.
  const known = value === null || offered.some((one) => one.value === value)
  return (
    <Select
      {...rest}
      aria-labelledby={labelId}
      placeholder={t(fetching ? 'loading' : 'chooseWorkflow')}
      searchable
      clearable={others.length === 0}
      allowDeselect={others.length === 0}
      value={value}
      data={known ? offered : [...offered, { value, label: value }]}
      onSearchChange={(typed) => setSearch(offered.some((one) => one.label === typed) ? '' : typed)}
      onChange={onChange}
    />
  )
}
