import { copyText } from '../model/clipboard'
import type { EditorCommand } from './context'

export const copy: EditorCommand = ({ t, selection, state, say }) => ({
  id: 'editor.copy',
  label: t('copy'),
  shortcut: 'mod+c',
  enabled: selection.nodeIds.length > 0,
  run: () => {
    void navigator.clipboard
      .writeText(copyText(state.graph, selection.nodeIds))
      .then(() => say(t('copied', { count: selection.nodeIds.length })))
  },
})
