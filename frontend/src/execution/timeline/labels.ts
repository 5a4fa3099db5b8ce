import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('timeline', {
  en: {
    empty: 'No step has begun yet.',
    iteration: '#{{number}}',
    attempt: 'attempt {{number}}',
    RUNNING: 'At work',
    WAITING: 'Waiting',
    SUCCEEDED: 'Succeeded',
    FAILED: 'Failed',
    CANCELLED: 'Cancelled',
    UNKNOWN: 'Outcome unknown',
  },
  fr: {
    empty: 'Aucune étape n’a encore commencé.',
    iteration: 'n° {{number}}',
    attempt: 'tentative {{number}}',
    RUNNING: 'En cours',
    WAITING: 'En attente',
    SUCCEEDED: 'Réussie',
    FAILED: 'Échouée',
    CANCELLED: 'Annulée',
    UNKNOWN: 'Issue inconnue',
  },
})
