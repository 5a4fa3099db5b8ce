import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('catalogue', {
  en: {
    manualTrigger: 'Started by hand',
    scheduleTrigger: 'Schedule',
    webhook: 'Webhook',
    rssTrigger: 'New entries of a feed',
    executeWorkflowTrigger: 'Another workflow',
    errorTrigger: 'A failed execution',
    formTrigger: 'Form',
    chatTrigger: 'Chat',
  },
  fr: {
    manualTrigger: 'Lancement à la main',
    scheduleTrigger: 'Planification',
    webhook: 'Webhook',
    rssTrigger: 'Nouvelles entrées d’un flux',
    executeWorkflowTrigger: 'Un autre workflow',
    errorTrigger: 'Une exécution échouée',
    formTrigger: 'Formulaire',
    chatTrigger: 'Conversation',
  },
})
