import { Button, FileInput, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { FileJson } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { isTooLarge, refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'
import { useFormat } from '@/i18n/format'
import { remarkable } from '@/importing/report'
import { fileSize } from '@/ui/items/files'
import { Refusal } from '@/ui/Refusal'
import { type Imported, ImportedWorkflows } from './ImportedWorkflows'
import { useLabels } from './labels'

const CreateMutation = graphql(`
  mutation CreateWorkflow($input: CreateWorkflowInput!) {
    createWorkflow(input: $input) { workflow { id } errors { message code field } }
  }
`)

const ImportMutation = graphql(`
  mutation ImportWorkflow($input: ImportWorkflowInput!) {
    importWorkflow(input: $input) {
      imported { workflow { id name } report { node outcome message } }
      errors { message code field }
    }
  }
`)

type Begin = 'blank' | 'file'

/** More than the server imports; a file of this size is not even read. */
const mostBytes = 16_000_000

interface CreateProps {
  onClose: () => void
  /** The list has changed while the dialog stays open. */
  onChanged: () => void
}

/** A name, and what to begin with. */
export function CreateWorkflow({ onClose, onChanged }: CreateProps) {
  const t = useLabels()
  const navigate = useNavigate()
  const [{ fetching: creating }, create] = useMutation(CreateMutation)
  const [{ fetching: importing }, importFile] = useMutation(ImportMutation)
  const [name, setName] = useState('')
  const { locale } = useFormat()
  const [begin, setBegin] = useState<Begin>('blank')
  const [file, setFile] = useState<File | null>(null)
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [imported, setImported] = useState<readonly Imported[] | null>(null)

  const open = (workflowId: string) =>
    navigate({ to: '/workflows/$workflowId', params: { workflowId }, search: {} })

  const createBlank = async () => {
    const { data, error } = await create({ input: { name: name.trim() } })
    const id = data?.createWorkflow.workflow?.id
    setRefusal(refusalOf(error, data?.createWorkflow.errors))
    if (id) await open(id)
  }

  const createFrom = async (chosen: File) => {
    if (chosen.size > mostBytes) {
      const [size, most] = [fileSize(chosen.size, locale), fileSize(mostBytes, locale)]
      return setRefusal(t('tooLarge', { size, most }))
    }
    // A file that was written again since it was chosen cannot be read any longer.
    const text = await chosen.text().catch(() => null)
    if (text === null) return setRefusal(t('chooseAgain'))
    const { data, error } = await importFile({ input: { text, name: name.trim() || null } })
    const found = data?.importWorkflow.imported ?? []
    const refused = isTooLarge(error) ? t('tooLargeToSend') : refusalOf(error, data?.importWorkflow.errors)
    setRefusal(refused)
    const only = found.length === 1 && !refused ? found[0]?.workflow : null
    if (only && remarkable(found[0]?.report ?? []).length === 0) return open(only.id)
    if (found.length > 0) {
      setImported(found)
      onChanged()
    }
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (begin === 'blank' && name.trim()) await createBlank()
    if (begin === 'file' && file) await createFrom(file)
  }

  if (imported) {
    return (
      <ImportedWorkflows
        imported={imported}
        refusal={refusal}
        onOpen={(id) => void open(id)}
        onClose={onClose}
      />
    )
  }
  return (
    <Modal opened onClose={onClose} title={t('newTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            label={t('newName')}
            placeholder={begin === 'file' ? t('nameOfFile') : t('namePlaceholder')}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && begin === 'blank' && !name.trim() ? t('needName') : undefined}
          />
          <Radio.Group label={t('begin')} value={begin} onChange={(value) => setBegin(value as Begin)}>
            <Stack gap="xs" mt={4}>
              <Radio value="blank" label={t('blank')} description={t('blankWhy')} />
              <Radio value="file" label={t('file')} description={t('fileWhy')} />
            </Stack>
          </Radio.Group>
          {begin === 'file' && (
            <FileInput
              label={t('theFile')}
              placeholder={t('chooseFile')}
              accept="application/json,.json"
              leftSection={<FileJson size={15} aria-hidden />}
              value={file}
              onChange={(chosen) => {
                setFile(chosen)
                setRefusal(null)
              }}
              error={tried && !file ? t('needFile') : undefined}
            />
          )}
          <Refusal>{refusal}</Refusal>
          <Group justify="flex-end">
            <Button type="submit" loading={creating || importing}>
              {t('make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
