import type { EditorCommand } from './context'

export const execute: EditorCommand = ({ t, running, mayExecute, execute: start, stop }) => ({
  id: 'editor.execute',
  label: running ? t('stop') : t('execute'),
  shortcut: 'mod+enter',
  enabled: mayExecute,
  run: running ? stop : start,
})
