import type { EditorCommand } from './context'

export const execute: EditorCommand = ({ t, running, execute: start, stop }) => ({
  id: 'editor.execute',
  label: running ? t('stop') : t('execute'),
  shortcut: 'mod+enter',
  enabled: true,
  run: running ? stop : start,
})
