import { Select } from '@mantine/core'
import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'

const CredentialsQuery = graphql(`
  query CredentialsToChoose {
    credentials(first: 100) { nodes { id reference name type } }
  }
`)

/** One of the tenant's credentials of the types that the node can sign in with. The parameter holds its reference alone. */
export function CredentialField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  const t = useLabels()
  const [{ data, fetching }] = useQuery({ query: CredentialsQuery })
  const known = (data?.credentials.nodes ?? []).filter(({ type }) =>
    descriptor.credentialTypes.includes(type),
  )
  const chosen = typeof value === 'string' && value !== '' ? value : null
  const isGone = chosen !== null && data !== undefined && !known.some(({ reference }) => reference === chosen)
  return (
    <Select
      aria-labelledby={labelId}
      placeholder={fetching ? t('loading') : t(known.length === 0 ? 'noCredential' : 'chooseCredential')}
      searchable
      clearable
      value={chosen}
      data={known.map(({ reference, name }) => ({ value: reference, label: name }))}
      disabled={disabled}
      error={isGone ? t('credentialGone') : error}
      onChange={(reference) => onChange(reference ?? undefined)}
    />
  )
}
