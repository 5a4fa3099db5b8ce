import type { EditorCommand } from './context'

export const zoomOut: EditorCommand = ({ t, canvas }) => ({
  id: 'editor.zoomOut',
  label: t('zoomOut'),
  shortcut: '-',
  enabled: true,
  run: () => canvas()?.zoomOut(),
})
