import { Button, ColorInput, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { accentOf } from '@/theme/accent'
import { Logo } from '@/ui/Logo'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'
import classes from './settings.module.css'

const BrandingMutation = graphql(`
  mutation ChangeBranding($input: ChangeBrandingInput!) {
    changeBranding(input: $input) { tenant { id branding { productName accentColor logoUrl } } errors { message code } }
  }
`)

export interface Branding {
  productName: string
  accentColor: string
  logoUrl: string | null
}

interface BrandingPageProps {
  brand: Branding
  onSaved: (branding: Branding) => void
}

const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text)

/** The tenant's brand: form left, live preview right. */
export function BrandingPage({ brand, onSaved }: BrandingPageProps) {
  const t = useLabels()
  const { may } = useViewer()
  const [{ fetching }, change] = useMutation(BrandingMutation)
  const [fields, setFields] = useState(brand)
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const set = (next: Partial<Branding>) => setFields({ ...fields, ...next })
  const badLogo = fields.logoUrl !== null && !/^https:\/\/./.test(fields.logoUrl)
  const readOnly = !may('tenant:brand')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!fields.productName.trim() || !isColour(fields.accentColor) || badLogo) return
    const { data, error } = await change({ input: fields })
    const refused = refusalOf(error, data?.changeBranding.errors)
    setRefusal(refused)
    if (refused !== null) return
    onSaved(fields)
    notifications.show({ color: 'green', message: t('saved') })
  }
  return (
    <div className={classes.branding}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            label={t('productName')}
            description={t('productNameWhy')}
            readOnly={readOnly}
            value={fields.productName}
            onChange={(event) => set({ productName: event.currentTarget.value })}
            error={tried && !fields.productName.trim() ? t('need') : undefined}
          />
          <ColorInput
            label={t('accent')}
            description={t('accentWhy')}
            format="hex"
            withEyeDropper={false}
            readOnly={readOnly}
            value={fields.accentColor}
            onChange={(accentColor) => set({ accentColor })}
            error={tried && !isColour(fields.accentColor) ? t('badColour') : undefined}
          />
          <TextInput
            label={t('logo')}
            description={t('logoWhy')}
            placeholder="https://"
            readOnly={readOnly}
            value={fields.logoUrl ?? ''}
            onChange={(event) => set({ logoUrl: event.currentTarget.value || null })}
            error={tried && badLogo ? t('badLogo') : undefined}
          />
          <Refusal>{refusal}</Refusal>
          {!readOnly && (
            <Button type="submit" loading={fetching} style={{ alignSelf: 'start' }}>
              {t('save')}
            </Button>
          )}
        </Stack>
      </form>
      <Preview branding={{ ...fields, logoUrl: badLogo ? null : fields.logoUrl }} />
    </div>
  )
}

function Preview({ branding }: { branding: Branding }) {
  const t = useLabels()
  const accent = accentOf(branding.accentColor)
  const colours = { '--weft-accent': accent.fill, '--on-accent': accent.onFill } as React.CSSProperties
  return (
    <figure style={{ margin: 0 }}>
      <figcaption className="small dim" style={{ marginBottom: 6 }}>
        {t('preview')}
      </figcaption>
      <div className={classes.preview} style={colours}>
        <div className={classes.previewFrame}>
          <div className={classes.previewRail}>
            <span className={classes.previewBrand}>
              <Logo url={branding.logoUrl} name={branding.productName} size={22} />
              <span className="cut">{branding.productName}</span>
            </span>
          </div>
          <div className={classes.previewMain}>
            <span className={classes.previewButton} style={{ background: accent.fill, color: accent.onFill }}>
              {t('previewButton')}
            </span>
            <span className={classes.previewCard}>{t('previewRow')}</span>
            <span
              className="small"
              style={{
                color: `light-dark(${accent.textOnLight}, ${accent.textOnDark})`,
                textDecoration: 'underline',
              }}
            >
              {t('previewLink')}
            </span>
          </div>
        </div>
      </div>
    </figure>
  )
}
