import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('execution', {
  en: {
    noInput: 'Nothing came in yet.',
    noOutput: 'Nothing came out yet.',
    port: 'Port',
  },
  fr: {
    noInput: 'Rien n’est encore entré.',
    noOutput: 'Rien n’est encore sorti.',
    port: 'Port',
  },
})
