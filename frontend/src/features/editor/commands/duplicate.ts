import { copyText, pasteEdits } from '../model/clipboard'
import { nodeById } from '../model/graph'
import type { EditorCommand } from './context'

export const duplicate: EditorCommand = ({ t, readOnly, selection, state, session, canvas }) => ({
  id: 'editor.duplicate',
  label: t('duplicate'),
  shortcut: 'mod+d',
  enabled: !readOnly && selection.nodeIds.length > 0,
  run: () => {
    const chosen = selection.nodeIds.flatMap((id) => nodeById(state.graph, id) ?? [])
    const corner = {
      x: Math.min(...chosen.map((node) => node.position.x)) + 32,
      y: Math.max(...chosen.map((node) => node.position.y)) + 96,
    }
    const text = copyText(state.graph, selection.nodeIds)
    const pasted = pasteEdits(state.graph, text, corner, () => crypto.randomUUID())
    if (!pasted) return
    session.edit(pasted.edits)
    requestAnimationFrame(() => canvas()?.select(pasted.nodeIds))
  },
})
