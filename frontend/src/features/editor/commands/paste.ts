import { mayBeForeign, pasteEdits } from '../model/clipboard'
import type { EditorCommand } from './context'

export const paste: EditorCommand = ({ t, readOnly, session, canvas, say, pasteForeign }) => ({
  id: 'editor.paste',
  label: t('paste'),
  shortcut: 'mod+v',
  enabled: !readOnly,
  run: async () => {
    const text = await navigator.clipboard.readText().catch(() => null)
    if (text === null) return say(t('pasteDenied'))
    const corner = canvas()?.centre() ?? { x: 0, y: 0 }
    const pasted = pasteEdits(session.get().graph, text, corner, () => crypto.randomUUID())
    if (!pasted) return mayBeForeign(text) ? pasteForeign(text, corner) : say(t('pasteNothing'))
    session.edit(pasted.edits)
    requestAnimationFrame(() => canvas()?.select(pasted.nodeIds))
  },
})
