/** What the server writes into the first bytes of the page, so that no other brand is ever seen. */
export interface Brand {
  tenant: string
  name: string
  productName: string
  accentColor: string
  logoUrl: string | null
}

const neutral: Brand = { tenant: '', name: '', productName: '', accentColor: '#4f5bd5', logoUrl: null }

/** Reads the brand of the page; a page without one (a development server) is neutral. */
export function readBrand(page: Document): Brand {
  const text = page.getElementById('weft-brand')?.textContent
  if (!text) return neutral
  try {
    const found = JSON.parse(text) as Partial<Brand>
    return { ...neutral, ...found, logoUrl: found.logoUrl ?? null }
  } catch {
    return neutral
  }
}

/** The nonce of the content security policy, for the style elements that are made at run time. */
export function styleNonce(page: Document): string {
  return page.querySelector<HTMLElement>('[nonce]')?.nonce ?? ''
}
