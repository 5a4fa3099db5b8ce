import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'
import { Confirm } from '@/ui/Confirm'
import { useLabels } from './labels'

const ArchiveMutation = graphql(`
  mutation ArchiveWorkflow($input: WorkflowInput!) {
    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }
  }
`)

interface ArchiveProps {
  workflow: { id: string; name: string }
  onClose: () => void
  onDone: () => void
}

export function ArchiveWorkflow({ workflow, onClose, onDone }: ArchiveProps) {
  const t = useLabels()
  const [, archive] = useMutation(ArchiveMutation)
  const run = async () => {
    const { data, error } = await archive({ input: { workflowId: workflow.id } })
    return refusalOf(error, data?.archiveWorkflow.errors)
  }
  return (
    <Confirm
      title={t('archiveTitle', { name: workflow.name })}
      confirm={t('archive')}
      onConfirm={run}
      onDone={onDone}
      onClose={onClose}
    >
      {t('archiveWhy')}
    </Confirm>
  )
}
