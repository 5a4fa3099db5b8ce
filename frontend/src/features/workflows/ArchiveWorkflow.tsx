import { useState } from 'react'
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
  const [{ fetching }, archive] = useMutation(ArchiveMutation)
  const [refusal, setRefusal] = useState<string | null>(null)
  const run = async () => {
    const { data, error } = await archive({ input: { workflowId: workflow.id } })
    const refused = refusalOf(error, data?.archiveWorkflow.errors)
    setRefusal(refused)
    if (refused) return
    onClose()
    onDone()
  }
  return (
    <Confirm
      title={t('archiveTitle', { name: workflow.name })}
      confirm={t('archive')}
      busy={fetching}
      refusal={refusal}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      {t('archiveWhy')}
    </Confirm>
  )
}
