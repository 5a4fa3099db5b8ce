import { useMutation } from 'urql'
import { graphql } from '@/gql/gql'
import type { CredentialTable_CredentialFragment } from '@/gql/graphql'
import { CredentialForm, Why } from './CredentialForm'
import type { GivenField } from './form'
import { useLabels } from './labels'
import { refusedOf } from './refused'
import type { CredentialType } from './useTypes'

const UpdateMutation = graphql(`
  mutation UpdateCredential($input: UpdateCredentialInput!) {
    updateCredential(input: $input) { credential { id } errors { message code field } }
  }
`)

interface ChangeProps {
  credential: CredentialTable_CredentialFragment
  type: CredentialType | undefined
  onClose: () => void
  onDone: () => void
}

/** Name and fields of a credential. A secret that is left empty stays as it is. */
export function ChangeCredential({ credential, type, onClose, onDone }: ChangeProps) {
  const t = useLabels()
  const [, update] = useMutation(UpdateMutation)
  const store = async (name: string, fields: GivenField[]) => {
    const input = { credentialId: credential.id, name, fields }
    const { data, error } = await update({ input })
    return refusedOf(error, data?.updateCredential.errors)
  }
  return (
    <CredentialForm
      title={t('change', { name: credential.name })}
      submit={t('save')}
      kind={credential.type}
      fields={type?.fields ?? []}
      saved={credential.fields}
      name={credential.name}
      onSubmit={store}
      onClose={onClose}
      onDone={onDone}
    >
      {type && <Why>{type.description}</Why>}
    </CredentialForm>
  )
}

/** Another secret for a credential: the secret fields alone, each to be written anew. */
export function RotateCredential({ credential, type, onClose, onDone }: ChangeProps) {
  const t = useLabels()
  const [, update] = useMutation(UpdateMutation)
  const store = async (_: string, fields: GivenField[]) => {
    const { data, error } = await update({ input: { credentialId: credential.id, fields } })
    return refusedOf(error, data?.updateCredential.errors)
  }
  return (
    <CredentialForm
      title={t('rotate', { name: credential.name })}
      submit={t('replace')}
      kind={credential.type}
      fields={secretsOf(type)}
      saved={[]}
      name={null}
      onSubmit={store}
      onClose={onClose}
      onDone={onDone}
    >
      <Why>{t('rotateWhy')}</Why>
    </CredentialForm>
  )
}

/** The secret fields of a type. Where none of them is required, the first one is: nothing would be replaced by nothing. */
function secretsOf(type: CredentialType | undefined) {
  const secrets = type?.fields.filter((field) => field.secret) ?? []
  if (secrets.some((field) => field.required)) return secrets
  return secrets.map((field, place) => ({ ...field, required: place === 0 }))
}
