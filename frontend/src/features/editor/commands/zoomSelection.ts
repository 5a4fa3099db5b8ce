import type { EditorCommand } from './context'

export const zoomSelection: EditorCommand = ({ t, selection, canvas }) => ({
  id: 'editor.zoomSelection',
  label: t('zoomSelection'),
  shortcut: 'z',
  enabled: selection.nodeIds.length > 0,
  run: () => canvas()?.fitNodes(selection.nodeIds),
})
