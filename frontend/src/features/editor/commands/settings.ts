import type { EditorCommand } from './context'

export const settings: EditorCommand = ({ t, openSettings }) => ({
  id: 'editor.settings',
  label: t('settings'),
  enabled: true,
  run: openSettings,
})
