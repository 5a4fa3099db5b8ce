import type { Meanings } from './say'

/** Why a credential could not be kept, changed, used or deleted. */
export const credentialErrors = {
  changed_meanwhile: {
    fr: 'Quelqu’un vient de modifier cet identifiant. Rechargez la page, puis recommencez.',
  },
  credential: { fr: 'L’identifiant choisi ne convient pas : {said}' },
  credential_exists: { fr: 'Cet identifiant existe déjà.' },
  credential_in_use: {
    fr: 'Un workflow publié utilise cet identifiant. Mettez ses déclencheurs en pause, ou publiez-le avec un autre identifiant.',
  },
  credential_missing: { fr: 'Cet identifiant n’existe plus. Choisissez-en un autre.' },
  credential_type: { fr: 'Ce nœud ne peut pas utiliser ce type d’identifiant. Choisissez-en un autre.' },
  field_invalid: { fr: 'Un champ de l’identifiant ne convient pas : {said}' },
  secret: { fr: 'Le secret de cet identifiant ne peut pas être ouvert. Saisissez-le de nouveau.' },
  type_invalid: { fr: 'Ce type d’identifiant n’existe pas.' },
  type_unknown: { fr: 'Ce type d’identifiant n’existe pas.' },
} satisfies Meanings
