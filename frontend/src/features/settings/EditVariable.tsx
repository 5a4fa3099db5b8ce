import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'

const SetMutation = graphql(`
  mutation SetVariable($input: SetVariableInput!) { setVariable(input: $input) { variable { id } errors { message code } } }
`)

interface EditProps {
  /** The one to change; a new one when there is none. */
  variable: { name: string; value: string } | null
  onClose: () => void
  onDone: () => void
}

export function EditVariable({ variable, onClose, onDone }: EditProps) {
  const t = useLabels()
  const [{ fetching }, store] = useMutation(SetMutation)
  const [name, setName] = useState(variable?.name ?? '')
  const [value, setValue] = useState(variable?.value ?? '')
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const goodName = /^[A-Za-z]\w*$/.test(name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!goodName) return
    const { data, error } = await store({ input: { name, value } })
    const refused = refusalOf(error, data?.setVariable.errors)
    setRefusal(refused)
    if (refused !== null) return
    onClose()
    onDone()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={variable ? t('edit', { name: variable.name }) : t('addVariable')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            label={t('name')}
            data-autofocus={!variable}
            readOnly={Boolean(variable)}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && !goodName ? t('variableName') : undefined}
          />
          <Textarea
            label={t('value')}
            autosize
            minRows={2}
            data-autofocus={Boolean(variable)}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Refusal>{refusal}</Refusal>
          <Group justify="flex-end">
            <Button type="submit" loading={fetching}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
