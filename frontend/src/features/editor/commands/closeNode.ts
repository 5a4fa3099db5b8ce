import type { EditorCommand } from './context'

export const closeNode: EditorCommand = ({ t, closeNode: close }) => ({
  id: 'editor.closeNode',
  label: t('closeNode'),
  shortcut: 'escape',
  enabled: close !== null,
  run: () => close?.(),
})
