import { Modal, Stack } from '@mantine/core'
import type { CredentialTable_CredentialFragment } from '@/gql/graphql'
import { Why } from './CredentialForm'
import { useLabels } from './labels'
import { Trial } from './Trial'
import type { CredentialType } from './useTypes'

interface TestProps {
  credential: CredentialTable_CredentialFragment
  type: CredentialType | undefined
  onClose: () => void
  onDone: () => void
}

/** Tries a credential as it is kept. */
export function TestCredential({ credential, type, onClose, onDone }: TestProps) {
  const t = useLabels()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('testOf', { name: credential.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <Why>{t(type?.trial ? 'testWhy' : 'testImpossible')}</Why>
        {type?.trial && (
          <Trial trial={type.trial} subject={() => ({ credentialId: credential.id })} onTried={onDone} />
        )}
      </Stack>
    </Modal>
  )
}
