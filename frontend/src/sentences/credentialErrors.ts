import type { Meanings } from './say'

/** Why a credential could not be kept, changed, used or deleted. */
export const credentialErrors = {
  changed_meanwhile: {
    fr: 'Quelqu’un vient de modifier cet identifiant. Rechargez la page, puis recommencez.',
  },
  credential: {
    fr: 'L’identifiant choisi ne convient pas : {said}',
    forms: [
      {
        en: 'The endpoint of the credential must be an address that begins with https:// or http://.',
        fr: 'L’adresse de l’identifiant doit commencer par https:// ou http://.',
      },
      {
        en: '“{region}” is no region: it has small letters, digits and hyphens, such as eu-west-3.',
        fr: '« {region} » n’est pas une région : elle a des minuscules, des chiffres et des traits d’union, comme eu-west-3.',
      },
      {
        en: 'The servers of the credential are hosts with their ports, such as kafka.example.com:9092.',
        fr: 'Les serveurs de l’identifiant sont des hôtes avec leurs ports, comme kafka.example.com:9092.',
      },
      {
        en: 'The credential needs a host, or a connection string.',
        fr: 'L’identifiant doit avoir un hôte ou une chaîne de connexion.',
      },
      { en: 'The credential names no database.', fr: 'L’identifiant ne nomme pas de base de données.' },
      {
        en: 'The connection string of the credential is not understood. {error}',
        fr: 'La chaîne de connexion de l’identifiant n’est pas comprise. {error}',
      },
    ],
  },
  credential_exists: { fr: 'Cet identifiant existe déjà.' },
  credential_in_use: {
    fr: 'Un workflow publié utilise cet identifiant. Mettez ses déclencheurs en pause, ou publiez-le avec un autre identifiant.',
  },
  credential_missing: { fr: 'Cet identifiant n’existe plus. Choisissez-en un autre.' },
  credential_type: { fr: 'Ce nœud ne peut pas utiliser ce type d’identifiant. Choisissez-en un autre.' },
  field_invalid: { fr: 'Un champ de l’identifiant ne convient pas : {said}' },
  oauth_refused: {
    fr: 'Le serveur de jetons a refusé ce client : {said}',
    forms: [
      {
        en: 'The token server refused the client ({code}).',
        fr: 'Le serveur de jetons a refusé ce client ({code}).',
      },
    ],
  },
  oauth_token: {
    fr: 'Le serveur de jetons n’a donné aucun jeton : {said}',
    forms: [
      {
        en: 'The token server answered {status} without a token that can be used.',
        fr: 'Le serveur de jetons a répondu {status}, sans jeton utilisable.',
      },
    ],
  },
  secret: { fr: 'Le secret de cet identifiant ne peut pas être ouvert. Saisissez-le de nouveau.' },
  trial_impossible: {
    fr: 'Un identifiant de ce type ne peut pas être essayé seul : utilisez-le dans un nœud.',
  },
  trial_says_nothing: {
    fr: 'Cette adresse répond aussi sans l’identifiant, et ne dit donc rien de lui. Choisissez-en une autre.',
  },
  trial_lets_anybody_in: {
    fr: 'Ce serveur laisse entrer n’importe qui, avec l’identifiant ou sans, et ne dit donc rien de lui.',
  },
  trial_refused: { fr: 'Le serveur n’accepte pas cet identifiant.' },
  trial_signed_in: { fr: 'Le serveur a accepté l’identifiant.' },
  trial_unclear: { fr: 'Le serveur a répondu une chose qui ne dit rien de l’identifiant.' },
  trial_token: { fr: 'Le serveur de jetons a donné un jeton.' },
  trial_url_invalid: { fr: 'Ce n’est pas une adresse qui commence par https:// ou http://.' },
  trial_url_missing: { fr: 'Indiquez une adresse qui ne répond qu’à qui se connecte.' },
  type_invalid: { fr: 'Ce type d’identifiant n’existe pas.' },
  type_unknown: { fr: 'Ce type d’identifiant n’existe pas.' },
} satisfies Meanings
