import { defineLabels } from '@/i18n/labels'

const { translate } = defineLabels('unanswered', {
  en: {
    offline: 'The server does not answer. Check your connection, then try again.',
    away: 'The service is away for a moment. Nothing is lost; try again soon.',
    busy: 'Too much is at work right now. Try again in a moment.',
    large: 'That is more than can be sent at once (2 MB). Make it smaller, then try again.',
    fault: 'Something went wrong on our side ({{status}}). Try again; if it lasts, tell support.',
    strange: 'The server did not take this request ({{status}}). Reload the page, then try again.',
  },
  fr: {
    offline: 'Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.',
    away: 'Le service est absent un instant. Rien n’est perdu ; réessayez bientôt.',
    busy: 'Trop de choses se passent en même temps. Réessayez dans un instant.',
    large: 'C’est plus que ce qui peut être envoyé d’un coup (2 Mo). Réduisez-le, puis réessayez.',
    fault:
      'Un problème est survenu de notre côté ({{status}}). Réessayez ; si cela dure, prévenez l’assistance.',
    strange: 'Le serveur n’a pas pris cette demande ({{status}}). Rechargez la page, puis réessayez.',
  },
})

const known = { 413: 'large', 429: 'busy', 502: 'away', 503: 'away', 504: 'away' } as const

/** Why a request got no answer that a page can read: by the status of HTTP, or because there is none. */
export function sayUnanswered(status: number | undefined): string {
  if (status === undefined) return translate('offline')
  if (Object.hasOwn(known, status)) return translate(known[status as keyof typeof known])
  return translate(status >= 500 ? 'fault' : 'strange', { status })
}
