import { BrandingPage } from '@/features/settings/BrandingPage'
import { useBrand } from './BrandContext'

/** Branding, joined to the brand of the running page: what is saved is seen at once. */
export function BrandingRoute() {
  const { brand, changeBrand } = useBrand()
  const { productName, accentColor, logoUrl } = brand
  return (
    <BrandingPage
      brand={{ productName, accentColor, logoUrl }}
      onSaved={(branding) => changeBrand({ ...brand, ...branding })}
    />
  )
}
