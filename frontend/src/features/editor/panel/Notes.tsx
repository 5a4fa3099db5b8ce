import { Textarea } from '@mantine/core'
import type { WorkflowEdit } from '@/gql/graphql'
import type { GraphNode } from '../model/graph'
import { useTyped } from '../parameters/useTyped'
import { useLabels } from './labels'

interface NotesProps {
  node: GraphNode
  readOnly: boolean
  onEdit: (edits: readonly WorkflowEdit[], key?: string | null) => void
}

export function Notes({ node, readOnly, onEdit }: NotesProps) {
  const t = useLabels()
  const typed = useTyped(node.notes ?? '', (notes) =>
    onEdit([{ setNodeSettings: { nodeId: node.id, notes: notes || null } }], `notes ${node.id}`),
  )
  return (
    <Textarea
      aria-label={t('notes')}
      placeholder={t('notesPlaceholder')}
      autosize
      minRows={6}
      readOnly={readOnly}
      value={typed.text}
      onChange={(event) => typed.type(event.currentTarget.value)}
      onBlur={typed.keep}
    />
  )
}
