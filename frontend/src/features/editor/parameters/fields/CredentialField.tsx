import { ActionIcon, Select } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import { useNewCredential } from '../NewCredentialContext'
import classes from '../parameters.module.css'
import { AddButton } from './AddButton'

const CredentialsQuery = graphql(`
  query CredentialsToChoose {
    credentials(first: 100) { nodes { id reference name type } }
  }
`)

/** One of the tenant's credentials of the types that the node can sign in with, or a new one. The parameter holds its reference alone. */
export function CredentialField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  const t = useLabels()
  const { may } = useViewer()
  const renderNew = useNewCredential()
  const [adding, setAdding] = useState(false)
  const [{ data, fetching }, reload] = useQuery({ query: CredentialsQuery })
  const known = (data?.credentials.nodes ?? []).filter(({ type }) =>
    descriptor.credentialTypes.includes(type),
  )
  const chosen = typeof value === 'string' && value !== '' ? value : null
  const isGone =
    chosen !== null && !fetching && data !== undefined && !known.some(({ reference }) => reference === chosen)
  const mayAdd = !disabled && renderNew !== null && may('credential:create')
  const add = () => setAdding(true)
  const take = (reference: string) => {
    reload({ requestPolicy: 'network-only' })
    onChange(reference)
  }
  const form =
    adding &&
    renderNew?.({ kinds: descriptor.credentialTypes, onClose: () => setAdding(false), onDone: take })

  if (mayAdd && data && known.length === 0 && !chosen) {
    return (
      <>
        <AddButton size="sm" onClick={add}>
          {t('addCredential')}
        </AddButton>
        {error && <span className={classes.errorText}>{error}</span>}
        {form}
      </>
    )
  }
  return (
    <div className={classes.inline}>
      <Select
        aria-labelledby={labelId}
        placeholder={fetching ? t('loading') : t(known.length === 0 ? 'noCredential' : 'chooseCredential')}
        searchable
        clearable
        value={chosen}
        data={known.map(({ reference, name }) => ({ value: reference, label: name }))}
        readOnly={disabled}
        error={isGone ? t('credentialGone') : error}
        onChange={(reference) => onChange(reference ?? undefined)}
      />
      {mayAdd && (
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('addCredential')}
          title={t('addCredential')}
          onClick={add}
        >
          <Plus size={16} aria-hidden />
        </ActionIcon>
      )}
      {form}
    </div>
  )
}
