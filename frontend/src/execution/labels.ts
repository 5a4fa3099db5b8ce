import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('execution', {
  en: {
    noInput: 'Nothing came in yet.',
    noOutput: 'Nothing came out yet.',
    expired: 'These items are no longer kept.',
    forbidden: 'Items passed here; your role does not show them.',
    port: 'Port',
    log: 'Log',
    noLog: 'Code printed nothing here.',
  },
  fr: {
    noInput: 'Rien n’est encore entré.',
    noOutput: 'Rien n’est encore sorti.',
    expired: 'Ces éléments ne sont plus conservés.',
    forbidden: 'Des éléments sont passés ici ; votre rôle ne les montre pas.',
    port: 'Port',
    log: 'Journal',
    noLog: 'Aucun code n’a rien affiché ici.',
  },
})
