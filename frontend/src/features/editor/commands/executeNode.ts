import { nodeById } from '../model/graph'
import { isNote } from '../model/note'
import type { EditorCommand } from './context'

export const executeNode: EditorCommand = ({ t, state, selection, running, executeNode: start }) => {
  const [id] = selection.nodeIds
  const node = selection.nodeIds.length === 1 && id ? nodeById(state.graph, id) : undefined
  return {
    id: 'editor.executeNode',
    label: t('executeNode'),
    shortcut: 'alt+enter',
    enabled: start !== null && !running && node !== undefined && !isNote(node),
    run: () => {
      if (node) start?.(node)
    },
  }
}
