import { createContext, useContext } from 'react'
import type { Brand } from './brand'

interface BrandValue {
  brand: Brand
  /** Shows another brand at once, as the settings' preview does after saving. */
  changeBrand: (brand: Brand) => void
}

export const BrandContext = createContext<BrandValue | null>(null)

export function useBrand(): BrandValue {
  const value = useContext(BrandContext)
  if (!value) throw new Error('useBrand needs a BrandContext around it')
  return value
}
