import type { EditorCommand } from './context'

export const fit: EditorCommand = ({ t, canvas }) => ({
  id: 'editor.fit',
  label: t('fit'),
  shortcut: 'f',
  enabled: true,
  run: () => canvas()?.fit(),
})
