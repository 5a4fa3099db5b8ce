import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Problem, signIn } from '@/api/session'
import { useBrand } from '@/app/BrandContext'
import { useFormat } from '@/i18n/format'
import { changeLanguage, type Language, languages } from '@/i18n/i18n'
import { Logo } from '@/ui/Logo'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'
import classes from './SignInPage.module.css'

function reasonOf(problem: Problem): 'wrong' | 'tooMany' | 'offline' | 'other' {
  if (problem.status === 0) return 'offline'
  if (problem.status === 429) return 'tooMany'
  if (problem.status >= 400 && problem.status < 500) return 'wrong'
  return 'other'
}

/** The only page that a stranger sees: the tenant's, from its first byte. */
export function SignInPage() {
  const t = useLabels()
  const { brand } = useBrand()
  const { language } = useFormat()
  const { next } = useSearch({ from: '/sign-in' })
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!email || !password) return
    setBusy(true)
    const found = await signIn(email.trim(), password)
    setBusy(false)
    setProblem(found)
    if (found) return
    // A new page, so that nothing which another person loaded is left in this one's memory.
    window.location.assign(next ?? '/workflows')
  }

  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} noValidate>
        <div className={classes.brand}>
          <Logo url={brand.logoUrl} name={brand.productName || brand.name} size={44} />
          <h1>{brand.productName ? t('title', { product: brand.productName }) : t('titlePlain')}</h1>
        </div>
        <Refusal>{problem && t(reasonOf(problem))}</Refusal>
        <TextInput
          label={t('email')}
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && !email ? t('enterEmail') : undefined}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('show') }}
          error={tried && !password ? t('enterPassword') : undefined}
        />
        <Button type="submit" loading={busy} fullWidth>
          {t('signIn')}
        </Button>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame and join the form's data */}
        <div className={classes.languages} role="group" aria-label={t('language')}>
          {(Object.keys(languages) as Language[]).map((key) => (
            <button
              key={key}
              type="button"
              lang={key}
              aria-pressed={language === key}
              onClick={() => void changeLanguage(key)}
            >
              {languages[key]}
            </button>
          ))}
        </div>
      </form>
    </main>
  )
}
