export function BrandingRoute() {
  return null
}
