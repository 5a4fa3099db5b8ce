import type { ReactNode } from 'react'
import type { Tone } from './Status'
import classes from './Status.module.css'

export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {children}
    </span>
  )
}
