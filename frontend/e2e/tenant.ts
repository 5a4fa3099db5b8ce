import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'

/** A tenant of the running server, with the sign-in of one of its members. */
export interface Tenant {
  url: string
  email: string
  password: string
}

interface Demo {
  tenants: { slug: string; email: string; password: string }[]
}

function setting(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(`${name} is not set: the journey needs a running server. Run: infra/scripts/e2e.sh`)
  return value.replace(/\/$/, '')
}

/** The tenants of the demo that the script made, or any two that are named by hand. */
export function tenants(): [Tenant, Tenant] {
  if (!process.env.WEFT_E2E_DEMO) return [named(''), named('_2')]
  const demo = JSON.parse(readFileSync(setting('WEFT_E2E_DEMO'), 'utf8')) as Demo
  const { protocol, port } = new URL(setting('WEFT_E2E_ADDRESS'))
  const [first, second] = demo.tenants.map(({ slug, email, password }) => ({
    url: `${protocol}//${slug}.localhost:${port}`,
    email,
    password,
  }))
  if (!first || !second) throw new Error('The journey needs a demo of two tenants.')
  return [first, second]
}

function named(suffix: '' | '_2'): Tenant {
  return {
    url: setting(`WEFT_E2E_URL${suffix}`),
    email: setting(`WEFT_E2E_EMAIL${suffix}`),
    password: setting(`WEFT_E2E_PASSWORD${suffix}`),
  }
}

/** Signs in as a new visitor does: the address leads to the form, the form to the workflows. */
export async function signIn(page: Page, { url, email, password }: Tenant) {
  await page.goto(url)
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Main navigation' })).toBeVisible()
}
