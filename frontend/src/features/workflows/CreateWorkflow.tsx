import { Button, FileInput, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { FileJson } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import type { Json } from '@/api/scalars'
import { graphql } from '@/gql/gql'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'

const CreateMutation = graphql(`
  mutation CreateWorkflow($input: CreateWorkflowInput!) {
    createWorkflow(input: $input) { workflow { id } errors { message code field } }
  }
`)

type Begin = 'blank' | 'file'

async function readJson(file: File): Promise<Json | undefined> {
  try {
    return JSON.parse(await file.text()) as Json
  } catch {
    return undefined
  }
}

/** A name, and what to begin with. */
export function CreateWorkflow({ onClose }: { onClose: () => void }) {
  const t = useLabels()
  const navigate = useNavigate()
  const [{ fetching }, create] = useMutation(CreateMutation)
  const [name, setName] = useState('')
  const [begin, setBegin] = useState<Begin>('blank')
  const [file, setFile] = useState<File | null>(null)
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || (begin === 'file' && !file)) return
    const content = begin === 'file' && file ? await readJson(file) : null
    if (content === undefined) return setRefusal(t('badFile'))
    const { data, error } = await create({ input: { name: name.trim(), file: content } })
    const refused = refusalOf(error, data?.createWorkflow.errors)
    const id = data?.createWorkflow.workflow?.id
    if (refused || !id) return setRefusal(refused)
    await navigate({ to: '/workflows/$workflowId', params: { workflowId: id }, search: {} })
  }

  return (
    <Modal opened onClose={onClose} title={t('newTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            label={t('newName')}
            placeholder={t('namePlaceholder')}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && !name.trim() ? t('needName') : undefined}
          />
          <Radio.Group label={t('begin')} value={begin} onChange={(value) => setBegin(value as Begin)}>
            <Stack gap="xs" mt={4}>
              <Radio value="blank" label={t('blank')} description={t('blankWhy')} />
              <Radio value="file" label={t('file')} description={t('fileWhy')} />
            </Stack>
          </Radio.Group>
          {begin === 'file' && (
            <FileInput
              label={t('file')}
              placeholder={t('chooseFile')}
              accept="application/json,.json"
              leftSection={<FileJson size={15} aria-hidden />}
              value={file}
              onChange={(chosen) => {
                setFile(chosen)
                if (chosen && !name) setName(chosen.name.replace(/\.json$/i, ''))
              }}
              error={tried && !file ? t('needFile') : undefined}
            />
          )}
          <Refusal>{refusal}</Refusal>
          <Group justify="flex-end">
            <Button type="submit" loading={fetching}>
              {t('make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
