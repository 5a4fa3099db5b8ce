import { Button, FileButton, Group, Modal, Stack, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { FileUp } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'

const ImportMutation = graphql(`
  mutation ImportVariables($input: ImportVariablesInput!) {
    importVariables(input: $input) { variables { id } unchanged errors { message code } }
  }
`)

interface ImportProps {
  onClose: () => void
  onDone: () => void
}

/** Variables out of a .env file: chosen, or pasted and looked over. */
export function ImportVariables({ onClose, onDone }: ImportProps) {
  const t = useLabels()
  const [{ fetching }, send] = useMutation(ImportMutation)
  const [text, setText] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const choose = async (file: File | null) => {
    if (!file) return
    // A file that was written again since it was chosen cannot be read any longer.
    const read = await file.text().catch(() => null)
    setRefusal(read === null ? t('chooseAgain') : null)
    if (read !== null) setText(read)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { data, error } = await send({ input: { file: text } })
    const refused = refusalOf(error, data?.importVariables.errors)
    setRefusal(refused)
    if (refused !== null || !data) return
    const { variables, unchanged } = data.importVariables
    const also = unchanged > 0 ? ` ${t('variablesUnchanged', { count: unchanged })}` : ''
    notifications.show({ message: t('variablesSet', { count: variables.length }) + also })
    onClose()
    onDone()
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('importVariables')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <Textarea
            label={t('envText')}
            description={t('envWhy')}
            placeholder={'API_URL=https://api.example.com\nRETRIES=3'}
            classNames={{ input: 'mono' }}
            autosize
            minRows={6}
            maxRows={16}
            spellCheck={false}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Refusal>{refusal}</Refusal>
          <Group justify="space-between">
            <FileButton onChange={(file) => void choose(file)}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<FileUp size={15} aria-hidden />}>
                  {t('chooseFile')}
                </Button>
              )}
            </FileButton>
            <Button type="submit" loading={fetching} disabled={text.trim() === ''}>
              {t('import')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
