import classes from './Log.module.css'
import { useLabels } from './labels'

export interface LogLine {
  level: string
  text: string
  /** Who printed it, where lines of several steps stand together. */
  from?: string
}

/** What code printed. */
export function Log({ lines }: { lines: readonly LogLine[] }) {
  const t = useLabels()
  if (lines.length === 0) return <p className="dim">{t('noLog')}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: text that scrolls must be reachable by keyboard
    <pre className={classes.log} tabIndex={0} aria-label={t('log')} role="log">
      {lines.map(({ level, text, from }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={at} data-level={level}>
          {from !== undefined && <span className={classes.from}>{from}</span>}
          {text}
        </div>
      ))}
    </pre>
  )
}
