import { tidy } from '../model/tidy'
import type { EditorCommand } from './context'

export const tidyUp: EditorCommand = ({ t, readOnly, selection, state, session, canvas }) => ({
  id: 'editor.tidy',
  label: t('tidy'),
  shortcut: 'shift+a',
  enabled: !readOnly && state.graph.nodes.length > 1,
  run: async () => {
    session.edit(await tidy(state.graph, selection.nodeIds))
    requestAnimationFrame(() => canvas()?.fit())
  },
})
