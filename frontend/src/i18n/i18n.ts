import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof languages

const storageKey = 'language'

function isLanguage(value: string | null | undefined): value is Language {
  return value === 'en' || value === 'fr'
}

/** The person's choice, else the browser's first language that we speak, else English. */
export function preferredLanguage(stored: string | null, browser: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  for (const tag of browser) {
    const base = tag.slice(0, 2).toLowerCase()
    if (isLanguage(base)) return base
  }
  return 'en'
}

/** How dates and numbers are written: as where the person lives, if the browser speaks the page's language as there. */
export function localeOf(language: string, browser: readonly string[] = navigator.languages): string {
  return browser.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language
}

i18next.use(initReactI18next).init({
  lng: preferredLanguage(localStorage.getItem(storageKey), navigator.languages),
  fallbackLng: 'en',
  resources: {},
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
} as Parameters<typeof i18next.init>[0])

document.documentElement.lang = i18next.language

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en'
}

export async function changeLanguage(language: Language) {
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export { i18next }
