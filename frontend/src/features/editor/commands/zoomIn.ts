import type { EditorCommand } from './context'

export const zoomIn: EditorCommand = ({ t, canvas }) => ({
  id: 'editor.zoomIn',
  label: t('zoomIn'),
  shortcut: ['=', 'shift+plus'],
  enabled: true,
  run: () => canvas()?.zoomIn(),
})
