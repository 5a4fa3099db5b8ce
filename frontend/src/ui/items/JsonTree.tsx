import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '@/api/scalars'
import { useLabels } from '../labels'
import classes from './items.module.css'

const shownAtOnce = 100

interface JsonTreeProps {
  value: Json
  label?: string
  depth?: number
}

/** A JSON value to unfold. Long lists show their beginning and grow on request. */
export function JsonTree({ value, label, depth = 0 }: JsonTreeProps) {
  const t = useLabels()
  const [open, setOpen] = useState(depth < 2)
  const [limit, setLimit] = useState(shownAtOnce)
  if (value === null || typeof value !== 'object') {
    return (
      <div className={classes.leaf}>
        {label !== undefined && <span className={classes.key}>{label}: </span>}
        <span data-type={value === null ? 'null' : typeof value}>{JSON.stringify(value)}</span>
      </div>
    )
  }
  const entries = Object.entries(value)
  const [left, right] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return (
    <div className={classes.branch}>
      <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={12} aria-hidden data-open={open} />
        {label !== undefined && <span className={classes.key}>{label}: </span>}
        <span className="dim">
          {left}
          {!open && `… ${entries.length} `}
          {(!open || entries.length === 0) && right}
        </span>
      </button>
      {open && entries.length > 0 && (
        <>
          <div className={classes.children}>
            {entries.slice(0, limit).map(([key, child]) => (
              <JsonTree key={key} value={child} label={key} depth={depth + 1} />
            ))}
            {entries.length > limit && (
              <button type="button" className={classes.more} onClick={() => setLimit(limit + shownAtOnce)}>
                {t('moreFields', { count: entries.length - limit })}
              </button>
            )}
          </div>
          <span className={`${classes.leaf} dim`}>{right}</span>
        </>
      )}
    </div>
  )
}
