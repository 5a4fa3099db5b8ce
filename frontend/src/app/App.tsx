import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.css'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import '@/i18n/i18n'
import { ApiProvider } from '@/api/ApiContext'
import { createApi } from '@/api/client'
import { CommandsProvider } from '@/commands/CommandsProvider'
import { themeOf, variablesOf } from '@/theme/theme'
import { BrandContext } from './BrandContext'
import { type Brand, styleNonce } from './brand'
import { colorSchemes } from './colorSchemes'
import { useLabels } from './labels'
import { createAppRouter } from './router'

/** Everything that lives as long as the page. */
export function App({ brand: first }: { brand: Brand }) {
  const [brand, setBrand] = useState(first)
  const [api] = useState(createApi)
  const [router] = useState(() => createAppRouter(api))
  const t = useLabels()
  const close = t('close')
  const theme = useMemo(() => themeOf(brand.accentColor, close), [brand.accentColor, close])
  const variables = useMemo(() => variablesOf(brand.accentColor), [brand.accentColor])
  const brandValue = useMemo(() => ({ brand, changeBrand: setBrand }), [brand])

  useEffect(() => {
    document.title = brand.productName
  }, [brand.productName])

  useEffect(
    () =>
      api.session.onSignedOut(() => {
        const next = router.state.location.href
        if (router.state.location.pathname !== '/sign-in')
          void router.navigate({ to: '/sign-in', search: { next } })
      }),
    [api, router],
  )

  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce(document)}
      classNamesPrefix="ui"
    >
      <BrandContext value={brandValue}>
        <ApiProvider api={api}>
          <CommandsProvider>
            <RouterProvider router={router} />
          </CommandsProvider>
          <Notifications position="bottom-right" limit={4} />
        </ApiProvider>
      </BrandContext>
    </MantineProvider>
  )
}
