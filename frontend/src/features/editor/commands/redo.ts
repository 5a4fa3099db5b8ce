import type { EditorCommand } from './context'

export const redo: EditorCommand = ({ t, readOnly, state, session }) => ({
  id: 'editor.redo',
  label: t('redo'),
  shortcut: ['mod+shift+z', 'mod+y'],
  enabled: !readOnly && state.canRedo,
  run: () => void session.redo(),
})
