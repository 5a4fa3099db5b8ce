import { remove } from '../model/change'
import type { EditorCommand } from './context'

export const deleteSelection: EditorCommand = ({ t, readOnly, selection, state, session }) => ({
  id: 'editor.delete',
  label: t('delete'),
  shortcut: ['delete', 'backspace'],
  enabled: !readOnly && selection.nodeIds.length + selection.edges.length > 0,
  run: () => session.edit(remove(state.graph, selection.nodeIds, selection.edges)),
})
