import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('app', {
  en: { close: 'Close' },
  fr: { close: 'Fermer' },
})
