import { remove } from '../model/change'
import { copyText } from '../model/clipboard'
import type { EditorCommand } from './context'

export const cut: EditorCommand = ({ t, readOnly, selection, state, session }) => ({
  id: 'editor.cut',
  label: t('cut'),
  shortcut: 'mod+x',
  enabled: !readOnly && selection.nodeIds.length > 0,
  run: () => {
    void navigator.clipboard
      .writeText(copyText(state.graph, selection.nodeIds))
      .then(() => session.edit(remove(state.graph, selection.nodeIds, selection.edges)))
  },
})
