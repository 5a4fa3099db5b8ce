import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLabels } from './labels'

interface ConfirmProps {
  title: string
  confirm: string
  busy: boolean
  refusal: string | null
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}

/** Asks before something that is hard to take back. */
export function Confirm({ title, confirm, busy, refusal, onConfirm, onClose, children }: ConfirmProps) {
  const t = useLabels()
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack>
        <div>{children}</div>
        {refusal && (
          <Alert color="red" role="alert" p="xs">
            {refusal}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={onConfirm} data-autofocus>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
