import '@mantine/spotlight/styles.css'
import { Kbd } from '@mantine/core'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useCommandRegistry } from '@/commands/CommandsProvider'
import { shownShortcut } from '@/commands/command'
import { useLabels } from './labels'

const [store, palette] = createSpotlight()
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Every command that can be run now, searchable. Loaded when it is first opened. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useLabels()
  const registry = useCommandRegistry()
  const [commands] = useState(() =>
    registry.all().filter((command) => command.enabled && command.id !== 'palette'),
  )
  useEffect(() => palette.open(), [])
  return (
    <Spotlight
      store={store}
      shortcut={null}
      attributes={{ content: { 'aria-label': t('search') } }}
      onSpotlightClose={onClose}
      nothingFound={t('nothingFound')}
      highlightQuery
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
      scrollable
      maxHeight={380}
      searchProps={{
        leftSection: <Search size={16} aria-hidden />,
        placeholder: t('search'),
        'aria-label': t('search'),
      }}
      actions={commands.map((command) => ({
        id: command.id,
        label: command.label,
        onClick: command.run,
        rightSection: command.shortcut ? <Kbd size="xs">{shownShortcut(command, isMac)}</Kbd> : undefined,
      }))}
    />
  )
}
