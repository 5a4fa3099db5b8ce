import type { EditorCommand } from './context'

export const selectAll: EditorCommand = ({ t, state, canvas }) => ({
  id: 'editor.selectAll',
  label: t('selectAll'),
  shortcut: 'mod+a',
  enabled: state.graph.nodes.length > 0,
  run: () => canvas()?.select(state.graph.nodes.map((node) => node.id)),
})
