import { iconNamed } from './icons'
import classes from './KindIcon.module.css'

/** A node kind's icon in its colour, on the card, in the panels and in the search. */
export function KindIcon({ kind }: { kind: { icon: string; color?: string | null } | undefined }) {
  const Icon = iconNamed(kind?.icon)
  return (
    <span className={classes.icon} data-color={kind?.color ?? 'gray'}>
      <Icon size={18} aria-hidden />
    </span>
  )
}
