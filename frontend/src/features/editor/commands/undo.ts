import type { EditorCommand } from './context'

export const undo: EditorCommand = ({ t, readOnly, state, session }) => ({
  id: 'editor.undo',
  label: t('undo'),
  shortcut: 'mod+z',
  enabled: !readOnly && state.canUndo,
  run: () => void session.undo(),
})
