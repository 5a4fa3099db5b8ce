import { CirclePlus } from 'lucide-react'
import classes from './Editor.module.css'
import { useLabels } from './labels'

/** What a blank canvas says: where to begin. */
export function EmptyCanvas({ onAdd }: { onAdd: () => void }) {
  const t = useLabels()
  return (
    <div className={classes.empty}>
      <button type="button" className={classes.emptyCard} onClick={onAdd} aria-label={t('addTrigger')}>
        <CirclePlus size={28} aria-hidden />
        <strong>{t('emptyTitle')}</strong>
        <span>{t('empty')}</span>
      </button>
    </div>
  )
}
