import type { EditorCommand } from './context'

export const publish: EditorCommand = ({ t, openPublish, readOnly }) => ({
  id: 'editor.publish',
  label: t('publish'),
  shortcut: 'mod+shift+p',
  enabled: !readOnly,
  run: openPublish,
})
