import { Tooltip } from '@mantine/core'
import { triggerIcon } from './icons'
import { useLabels } from './labels'

type Known = Parameters<ReturnType<typeof useLabels>>[0]

/** What starts a workflow, as an icon with its words on hover; lists need no catalogue for it. */
export function TriggerMark({ kind }: { kind: string }) {
  const t = useLabels()
  const name = kind.replace(/@.*/, '')
  const Icon = triggerIcon(kind)
  // A kind without words of its own is called by its name.
  const words = t(name as Known)
  return (
    <Tooltip label={words}>
      <Icon size={16} role="img" aria-label={words} />
    </Tooltip>
  )
}
