import { nodeById } from '../model/graph'
import type { EditorCommand } from './context'

export const toggleDisabled: EditorCommand = ({ t, readOnly, selection, state, session }) => ({
  id: 'editor.disable',
  label: t('disable'),
  shortcut: 'd',
  enabled: !readOnly && selection.nodeIds.length > 0,
  run: () => {
    const anyOn = selection.nodeIds.some((id) => nodeById(state.graph, id)?.disabled === false)
    session.edit(selection.nodeIds.map((nodeId) => ({ setNodeSettings: { nodeId, disabled: anyOn } })))
  },
})
