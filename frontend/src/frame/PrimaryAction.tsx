import { Button } from '@mantine/core'
import { Plus } from 'lucide-react'
import ui from '@/ui/ui.module.css'
import { BarActions } from './BarSlots'

/** The one thing that a page is for making, top right; on a narrow screen its icon alone. */
export function PrimaryAction({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <BarActions>
      <Button size="xs" aria-label={label} onClick={onClick}>
        <Plus size={15} aria-hidden />
        <span className={`${ui.hideNarrow} ${ui.buttonText}`}>{label}</span>
      </Button>
    </BarActions>
  )
}
