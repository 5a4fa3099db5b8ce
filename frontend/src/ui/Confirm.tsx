import { Button, Group, Modal, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useLabels } from './labels'
import { Refusal } from './Refusal'

interface ConfirmProps {
  title: string
  confirm: string
  /** Does it; resolves with the sentence that says why not, or with nothing when it is done. */
  onConfirm: () => Promise<string | null>
  onDone: () => void
  onClose: () => void
  children: ReactNode
}

/** Asks before something that is hard to take back, and stays open while it is refused. */
export function Confirm({ title, confirm, onConfirm, onDone, onClose, children }: ConfirmProps) {
  const t = useLabels()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const run = async () => {
    setBusy(true)
    const refused = await onConfirm()
    setBusy(false)
    setRefusal(refused)
    if (refused !== null) return
    onClose()
    onDone()
  }
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack>
        <div>{children}</div>
        <Refusal>{refusal}</Refusal>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={() => void run()}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
