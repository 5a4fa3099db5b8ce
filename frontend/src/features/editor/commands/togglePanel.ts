import type { EditorCommand } from './context'

export const togglePanel: EditorCommand = ({ t, togglePanel: toggle }) => ({
  id: 'editor.panel',
  label: t('togglePanel'),
  shortcut: 'l',
  enabled: toggle !== null,
  run: () => toggle?.(),
})
