import { useTranslation } from 'react-i18next'
import { localeOf } from './i18n'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** "3 minutes ago" in the person's language; `now` and `at` in milliseconds. */
export function relativeTime(at: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  const past = at - now
  const size = Math.abs(past)
  if (size < minute) return format.format(Math.round(past / 1000), 'second')
  if (size < hour) return format.format(Math.round(past / minute), 'minute')
  if (size < day) return format.format(Math.round(past / hour), 'hour')
  return format.format(Math.round(past / day), 'day')
}

/** "0.4 ms", "850 ms", "1.2 s", "3 min 05 s". */
export function duration(milliseconds: number, language: string): string {
  const short = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  if (milliseconds > 0 && milliseconds < 0.1) return `< ${short.format(0.1)} ms`
  if (milliseconds < 10) return `${short.format(milliseconds)} ms`
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${short.format(milliseconds / 1000)} s`
  const minutes = Math.floor(milliseconds / 60_000)
  const seconds = Math.floor((milliseconds % 60_000) / 1000)
  if (minutes < 60) return `${minutes} min ${String(seconds).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

export function absoluteTime(at: string | number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at))
}

/** The formats in the person's language, as they are written where the person lives. */
export function useFormat() {
  const language = useTranslation().i18n.language
  const locale = localeOf(language)
  return {
    language,
    locale,
    number: (value: number) => new Intl.NumberFormat(locale).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share),
    duration: (milliseconds: number) => duration(milliseconds, locale),
    absolute: (at: string | number) => absoluteTime(at, locale),
    date: (at: string) =>
      new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
        new Date(at),
      ),
  }
}
