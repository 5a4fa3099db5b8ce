import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('workflow', {
  en: { loading: 'Loading…', chooseWorkflow: 'Choose a workflow' },
  fr: { loading: 'Chargement…', chooseWorkflow: 'Choisir un workflow' },
})
