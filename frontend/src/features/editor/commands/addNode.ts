import type { EditorCommand } from './context'

export const addNode: EditorCommand = ({ t, readOnly, selection, openAdd }) => ({
  id: 'editor.addNode',
  label: t('addNode'),
  shortcut: 'tab',
  enabled: !readOnly,
  run: () => {
    const [only] = selection.nodeIds
    openAdd(selection.nodeIds.length === 1 && only ? { after: { nodeId: only, port: 0 } } : null)
  },
})
