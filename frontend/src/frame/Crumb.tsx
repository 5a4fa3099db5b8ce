import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import classes from './Frame.module.css'

interface CrumbProps {
  to: '/workflows' | '/executions' | '/settings'
  children: string
}

/** The list that a page was opened from; stands before the page's own title. */
export function Crumb({ to, children }: CrumbProps) {
  return (
    <>
      <Link to={to} className={classes.crumb}>
        {children}
      </Link>
      <ChevronRight className={classes.crumbArrow} size={14} aria-hidden />
    </>
  )
}
