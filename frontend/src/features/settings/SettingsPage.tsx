import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { BarTitle } from '@/frame/BarSlots'
import { Crumb } from '@/frame/Crumb'
import { useViewer } from '@/frame/Viewer'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'
import classes from './settings.module.css'

const sections = [
  { to: '/settings/members', label: 'members', permission: 'member:read' },
  { to: '/settings/variables', label: 'variables', permission: 'variable:read' },
  { to: '/settings/branding', label: 'branding', permission: 'tenant:read' },
  { to: '/settings/errors', label: 'errorWorkflow', permission: 'tenant:read' },
  { to: '/settings/limits', label: 'limits', permission: 'tenant:read' },
  { to: '/settings/audit', label: 'audit', permission: 'audit:read' },
] as const

/** What the sections share: their names above, the chosen one below. */
export function SettingsPage() {
  const t = useLabels()
  const { may } = useViewer()
  const { pathname } = useLocation()
  const current = sections.find(({ to }) => to === pathname)
  return (
    <div className={ui.page}>
      <BarTitle>
        <Crumb to="/settings">{t('title')}</Crumb>
        {current && <span className="cut">{t(current.label)}</span>}
      </BarTitle>
      <nav className={classes.sections} aria-label={t('sections')}>
        {sections
          .filter(({ permission }) => may(permission))
          .map(({ to, label }) => (
            <Link key={to} to={to} className={classes.section}>
              {t(label)}
            </Link>
          ))}
      </nav>
      <Outlet />
    </div>
  )
}
