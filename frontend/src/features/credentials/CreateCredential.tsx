import { Select } from '@mantine/core'
import { useState } from 'react'
import { useMutation } from 'urql'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { CredentialForm, Why } from './CredentialForm'
import type { GivenField } from './form'
import { useLabels } from './labels'
import { refusedOf } from './refused'
import { Trial } from './Trial'
import type { CredentialType } from './useTypes'

const CreateMutation = graphql(`
  mutation CreateCredential($input: CreateCredentialInput!) {
    createCredential(input: $input) { credential { id reference } errors { message code field } }
  }
`)

interface CreateProps {
  types: readonly CredentialType[]
  /** The type to begin with. */
  type: string | undefined
  onClose: () => void
  /** What workflows name the new one by. */
  onDone: (reference: string) => void
}

/** Type, name and fields of a new credential. */
export function CreateCredential({ types, type, onClose, onDone }: CreateProps) {
  const t = useLabels()
  const [, create] = useMutation(CreateMutation)
  const mayTest = useViewer().may('credential:test')
  const [kind, setKind] = useState(type)
  const chosen = types.find((known) => known.kind === kind) ?? types[0]
  const store = async (name: string, fields: GivenField[]) => {
    const { data, error } = await create({ input: { name, type: chosen?.kind ?? '', fields } })
    const made = data?.createCredential.credential
    if (made) onDone(made.reference)
    return refusedOf(error, data?.createCredential.errors)
  }
  return (
    <CredentialForm
      title={t('add')}
      submit={t('add')}
      kind={chosen?.kind ?? ''}
      fields={chosen?.fields ?? []}
      saved={[]}
      name=""
      footer={(read) =>
        mayTest &&
        chosen?.trial && (
          <Trial
            key={chosen.kind}
            trial={chosen.trial}
            subject={() => {
              const fields = read()
              return fields && { type: chosen.kind, fields }
            }}
          />
        )
      }
      onSubmit={store}
      onClose={onClose}
    >
      <Select
        label={t('type')}
        searchable
        allowDeselect={false}
        value={chosen?.kind ?? null}
        data={types.map((known) => ({ value: known.kind, label: known.label }))}
        onChange={(next) => next !== null && setKind(next)}
      />
      {chosen && <Why>{chosen.description}</Why>}
    </CredentialForm>
  )
}
