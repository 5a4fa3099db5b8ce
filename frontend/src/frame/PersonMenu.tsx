import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { LogOut, Monitor, Moon, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { useApi } from '@/api/ApiContext'
import { signOut } from '@/api/session'
import { useFormat } from '@/i18n/format'
import { changeLanguage, type Language, languages } from '@/i18n/i18n'
import { Initials } from '@/ui/Initials'
import classes from './Frame.module.css'
import { useLabels } from './labels'
import { ViewerQuery } from './viewerQuery'

const schemes = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'auto', icon: Monitor },
] as const

/** Who is signed in; their language and theme. */
export function PersonMenu() {
  const t = useLabels()
  const { session } = useApi()
  const navigate = useNavigate()
  const { language } = useFormat()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [{ data }] = useQuery({ query: ViewerQuery, requestPolicy: 'cache-first' })
  const member = data?.viewer.member
  const leave = async () => {
    await signOut(session)
    await navigate({ to: '/sign-in', search: {} })
    // What the last person loaded must not be there for the next.
    window.location.reload()
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button
          type="button"
          className={classes.person}
          aria-label={member ? t('personOf', { name: member.name }) : t('person')}
        >
          <Initials name={member?.name ?? ''} size={28} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {member && (
          <Menu.Label aria-hidden>
            <div className="cut">{member.name}</div>
            <div className="cut small">{member.email}</div>
          </Menu.Label>
        )}
        <Menu.Divider />
        <Choices
          label={t('language')}
          value={language}
          onChange={(key) => void changeLanguage(key as Language)}
        >
          {(Object.keys(languages) as Language[]).map((key) => (
            <Menu.RadioItem key={key} value={key} lang={key}>
              {languages[key]}
            </Menu.RadioItem>
          ))}
        </Choices>
        <Choices
          label={t('theme')}
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        >
          {schemes.map(({ value, icon: Icon }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Icon size={14} aria-hidden />}>
              {t(value)}
            </Menu.RadioItem>
          ))}
        </Choices>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={14} aria-hidden />} onClick={() => void leave()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

interface ChoicesProps {
  label: string
  value: string
  onChange: (value: string) => void
  children: ReactNode
}

/** One of several, in a menu. */
function Choices({ label, value, onChange, children }: ChoicesProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of a menu's items has no element of its own
    <div role="group" aria-label={label}>
      <Menu.Label aria-hidden>{label}</Menu.Label>
      <Menu.RadioGroup value={value} onChange={onChange}>
        {children}
      </Menu.RadioGroup>
    </div>
  )
}
