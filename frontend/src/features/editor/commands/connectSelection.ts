import { joinable } from '../model/change'
import type { EditorCommand } from './context'

/** Joins two selected nodes, the left one to the right one: what the mouse does by pulling at a port. */
export const connectSelection: EditorCommand = ({ t, readOnly, selection, state, catalogue, session }) => {
  const edits = readOnly ? [] : joinable(state.graph, catalogue, selection.nodeIds)
  return {
    id: 'editor.connect',
    label: t('connect'),
    shortcut: 'c',
    enabled: edits.length > 0,
    run: () => session.edit(edits),
  }
}
