import { ActionIcon, Tooltip } from '@mantine/core'
import { LayoutGrid, type LucideIcon, Maximize, Plus, Redo2, Undo2, ZoomIn, ZoomOut } from 'lucide-react'
import { type Command, shownShortcut } from '@/commands/command'
import classes from './Editor.module.css'
import { useLabels } from './labels'

const icons: Record<string, LucideIcon> = {
  'editor.addNode': Plus,
  'editor.undo': Undo2,
  'editor.redo': Redo2,
  'editor.tidy': LayoutGrid,
  'editor.fit': Maximize,
  'editor.zoomIn': ZoomIn,
  'editor.zoomOut': ZoomOut,
}
const looking = new Set(['editor.fit', 'editor.zoomIn', 'editor.zoomOut'])
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The commands that people look for on the canvas itself. */
export function Toolbar({ commands, readOnly }: { commands: readonly Command[]; readOnly: boolean }) {
  const t = useLabels()
  const offered = commands.filter((command) => icons[command.id] && (!readOnly || looking.has(command.id)))
  return (
    <div className={classes.tools} role="toolbar" aria-label={t('canvasTools')}>
      {offered.map((command) => {
        const Icon = icons[command.id]
        return (
          <Tooltip key={command.id} label={`${command.label}  ${shownShortcut(command, isMac)}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={command.label}
              disabled={!command.enabled}
              onClick={command.run}
            >
              {Icon && <Icon size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )
      })}
    </div>
  )
}
