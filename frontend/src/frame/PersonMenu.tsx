import { Menu, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Check, LogOut, Monitor, Moon, Sun } from 'lucide-react'
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
        <button type="button" className={classes.person} aria-label={t('person')}>
          <Initials name={member?.name ?? ''} size={28} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {member && (
          <Menu.Label>
            <div className="cut">{member.name}</div>
            <div className="cut small">{member.email}</div>
          </Menu.Label>
        )}
        <Menu.Divider />
        <Menu.Label>{t('language')}</Menu.Label>
        {(Object.keys(languages) as Language[]).map((key) => (
          <Menu.Item
            key={key}
            lang={key}
            onClick={() => void changeLanguage(key)}
            rightSection={language === key ? <Check size={14} aria-hidden /> : null}
          >
            {languages[key]}
          </Menu.Item>
        ))}
        <Menu.Label>{t('theme')}</Menu.Label>
        {schemes.map(({ value, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={14} aria-hidden />}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value ? <Check size={14} aria-hidden /> : null}
          >
            {t(value)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={14} aria-hidden />} onClick={() => void leave()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
