import classes from './ui.module.css'

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => word?.charAt(0).toUpperCase() ?? '').join('')
}

/** A person as two letters; the name itself always stands nearby or is the control's label. */
export function Initials({ name, size }: { name: string; size: number }) {
  const style = { width: size, height: size, fontSize: Math.round(size * 0.4) }
  return <span className={classes.initials} data-initials={initialsOf(name)} style={style} aria-hidden />
}
