import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Refusal } from '@/ui/Refusal'
import { CredentialFields } from './CredentialFields'
import {
  beginning,
  changes,
  type FieldType,
  type GivenField,
  missing,
  type SavedField,
  type Written,
} from './form'
import { useLabels } from './labels'

/** Why a form was not taken: the sentence, and the field it is about where it is about one. */
export interface Refused {
  message: string
  field: string | null
}

interface FormProps {
  title: string
  submit: string
  /** The type; what was written for another one waits until it is chosen again. */
  kind: string
  /** The fields to fill in; none while no type is chosen. */
  fields: readonly FieldType[]
  saved: readonly SavedField[]
  /** The name to begin with; `null` asks for none. */
  name: string | null
  /** What stands above the fields. */
  children?: ReactNode
  /** What stands under the fields. What it is given tells what is written, or `null` and the form says what is missing. */
  footer?: (read: () => GivenField[] | null) => ReactNode
  onSubmit: (name: string, fields: GivenField[]) => Promise<Refused | null>
  onClose: () => void
  onDone?: () => void
}

/** Name and fields of a credential in a dialog, and what was wrong with them. */
export function CredentialForm(props: FormProps) {
  const { title, submit, kind, fields, saved, children, footer, onSubmit, onClose, onDone } = props
  const t = useLabels()
  const [name, setName] = useState(props.name ?? '')
  const [edited, setEdited] = useState<Readonly<Record<string, Written>>>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const written = { ...beginning(fields, saved), ...edited[kind] }
  const nameIsMissing = props.name !== null && !name.trim()
  const lacking = missing(fields, saved, written)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (nameIsMissing || lacking.length > 0 || fields.length === 0) return
    setBusy(true)
    const refusal = await onSubmit(name.trim(), changes(fields, saved, written))
    setBusy(false)
    setRefused(refusal)
    if (refusal) return
    onClose()
    onDone?.()
  }
  const read = () => {
    setTried(true)
    return lacking.length > 0 ? null : changes(fields, saved, written)
  }
  const errors = Object.fromEntries(tried ? lacking.map((field) => [field, t('need')]) : [])
  if (refused?.field) errors[refused.field] ??= refused.message
  const isShownAtField = refused?.field === 'name' || fields.some((field) => field.name === refused?.field)
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => void send(event)} noValidate autoComplete="off">
        <Stack>
          {props.name !== null && (
            <TextInput
              label={t('nameOf')}
              withAsterisk
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={
                tried && nameIsMissing ? t('need') : refused?.field === 'name' ? refused.message : undefined
              }
            />
          )}
          {children}
          <CredentialFields
            fields={fields}
            saved={saved}
            written={written}
            errors={errors}
            onChange={(change) => setEdited({ ...edited, [kind]: change })}
          />
          {footer?.(read)}
          <Refusal>{isShownAtField ? null : refused?.message}</Refusal>
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** A sentence under the title. */
export function Why({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  )
}
