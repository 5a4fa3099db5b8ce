import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('catalogue', {
  en: {
    manualTrigger: 'Started by hand',
    scheduleTrigger: 'Schedule',
    webhook: 'Webhook',
  },
  fr: {
    manualTrigger: 'Lancement à la main',
    scheduleTrigger: 'Planification',
    webhook: 'Webhook',
  },
})
