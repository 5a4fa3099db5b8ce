import { Button, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'

interface Props {
  /** Sends what was chosen, and gives what stands in its way. */
  send: () => Promise<string | null>
  sending: boolean
  /** What people read once it is saved. */
  saved: string
  /** Who may not change it has no button. */
  readOnly: boolean
  children: ReactNode
}

/** A setting of the tenant, with its button and what was refused. */
export function SettingForm({ send, sending, saved, readOnly, children }: Props) {
  const t = useLabels()
  const [refusal, setRefusal] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const refused = await send()
    setRefusal(refused)
    if (refused === null) notifications.show({ color: 'green', message: saved })
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate style={{ maxWidth: 480 }}>
      <Stack>
        {children}
        <Refusal>{refusal}</Refusal>
        {!readOnly && (
          <Button type="submit" loading={sending} style={{ alignSelf: 'start' }}>
            {t('save')}
          </Button>
        )}
      </Stack>
    </form>
  )
}
