import { Link, Outlet } from '@tanstack/react-router'
import {
  Activity,
  ChartNoAxesColumn,
  KeyRound,
  PanelLeftClose,
  PanelLeftOpen,
  Search,
  Settings,
  Workflow,
} from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useApi } from '@/api/ApiContext'
import { useBrand } from '@/app/BrandContext'
import { useCommands } from '@/commands/CommandsProvider'
import { shownShortcut } from '@/commands/command'
import { Logo } from '@/ui/Logo'
import { BarSlotsContext } from './BarSlots'
import { ConnectionDot } from './ConnectionDot'
import classes from './Frame.module.css'
import { useLabels } from './labels'
import { PersonMenu } from './PersonMenu'
import { useNavigationCommands } from './useNavigationCommands'
import { usePlaces } from './usePlaces'
import { ViewerProvider } from './Viewer'

const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })))
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** What stands around every page, for the member who is signed in. */
export function Frame() {
  return (
    <ViewerProvider>
      <Surroundings />
    </ViewerProvider>
  )
}

/** Rail, top bar, palette. */
function Surroundings() {
  const t = useLabels()
  const api = useApi()
  const [title, setTitle] = useState<HTMLElement | null>(null)
  const [actions, setActions] = useState<HTMLElement | null>(null)
  const [paletteOpen, setPaletteOpen] = useState(false)
  const slots = useMemo(() => ({ title, actions }), [title, actions])
  const palette = {
    id: 'palette',
    label: t('search'),
    shortcut: 'mod+k',
    enabled: true,
    run: () => setPaletteOpen(true),
  }
  useCommands([palette])
  useNavigationCommands()
  useEffect(() => api.connect(), [api])

  return (
    <BarSlotsContext value={slots}>
      <a className="visually-hidden" href="#main">
        {t('skip')}
      </a>
      <div className={classes.frame}>
        <Rail />
        <header className={classes.bar}>
          {/* biome-ignore lint/a11y/useHeadingContent: each page puts its title in here */}
          <h1 ref={setTitle} className={classes.title} />
          <div ref={setActions} className={classes.actions} />
          <button type="button" className={classes.search} onClick={palette.run}>
            <span className="visually-hidden">{t('search')}</span>
            <Search size={15} aria-hidden />
            <kbd className="small">{shownShortcut(palette, isMac)}</kbd>
          </button>
          <ConnectionDot />
          <PersonMenu />
        </header>
        <main id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {paletteOpen && (
        <Suspense>
          <Palette onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
    </BarSlotsContext>
  )
}

const icons = {
  workflows: Workflow,
  executions: Activity,
  credentials: KeyRound,
  usage: ChartNoAxesColumn,
  settings: Settings,
}

function Rail() {
  const t = useLabels()
  const { brand } = useBrand()
  const places = usePlaces()
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem('rail') === 'collapsed')
  const toggle = () => {
    localStorage.setItem('rail', collapsed ? 'open' : 'collapsed')
    setCollapsed(!collapsed)
  }
  return (
    <nav className={classes.rail} data-collapsed={collapsed} aria-label={t('navigation')}>
      <Link
        to="/workflows"
        className={classes.home}
        aria-label={collapsed || !brand.productName ? brand.productName || t('home') : undefined}
      >
        <Logo url={brand.logoUrl} name={brand.productName || brand.name} size={26} />
        {!collapsed && <span className="cut">{brand.productName}</span>}
      </Link>
      {places.map((place) => {
        const Icon = icons[place]
        return (
          <Link
            key={place}
            to={`/${place}`}
            className={classes.link}
            title={collapsed ? t(place) : undefined}
          >
            <Icon size={17} aria-hidden />
            <span className={collapsed ? 'visually-hidden' : undefined}>{t(place)}</span>
          </Link>
        )
      })}
      <button
        type="button"
        className={`${classes.link} ${classes.collapse}`}
        onClick={toggle}
        aria-label={collapsed ? t('expand') : t('collapse')}
        aria-expanded={!collapsed}
      >
        {collapsed ? <PanelLeftOpen size={17} aria-hidden /> : <PanelLeftClose size={17} aria-hidden />}
        {!collapsed && <span>{t('collapse')}</span>}
      </button>
    </nav>
  )
}
