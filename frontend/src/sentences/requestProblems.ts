import type { Meanings } from './say'

/** Why a request was not answered: codes of GraphQL errors, and of the problem documents of the other routes. */
export const requestProblems = {
  BAD_CURSOR: { fr: 'Cette page de la liste n’est plus là. Revenez à la première.' },
  BAD_PAGE: { fr: 'Cette page de la liste ne peut pas être demandée. Revenez à la première.' },
  DOCUMENT_TOO_LARGE: { fr: 'La demande est trop longue. Rechargez la page, puis réessayez.' },
  FORBIDDEN: { fr: 'Votre rôle ne le permet pas. Un propriétaire ou un administrateur peut changer cela.' },
  INTERNAL: { fr: 'Un problème est survenu de notre côté. Réessayez ; si cela dure, prévenez l’assistance.' },
  NOT_FOUND: {
    fr: 'Ce que vous cherchez n’est pas ici, ou n’y est plus.',
    forms: [{ en: 'The workflow is gone.', fr: 'Ce workflow n’est plus là.' }],
  },
  NO_MEMBER: { fr: 'Vous n’êtes pas (encore) membre de cet espace. Réessayez dans un instant.' },
  NO_TENANT: { fr: 'Cet espace est en cours de création. Réessayez dans un instant.' },
  OVERLOADED: { fr: 'Trop de choses se passent en même temps. Réessayez dans un instant.' },
  REFUSED: { fr: 'Cette demande a été refusée : {said}' },
  SPAN_TOO_LONG: {
    fr: 'Cette période est trop longue. Choisissez-en une plus courte.',
    forms: [{ en: 'Ask for at most {days} days at once.', fr: 'Demandez {days} jours au plus à la fois.' }],
  },
  TOO_COMPLEX: { fr: 'La demande porte sur trop de choses à la fois. Réduisez-la, puis réessayez.' },
  TOO_DEEP: { fr: 'La demande a trop de niveaux. Rechargez la page, puis réessayez.' },
  TOO_MANY_OPERATIONS: { fr: 'Trop de pages suivent ce serveur en direct. Fermez-en une, puis réessayez.' },
  UNAUTHENTICATED: { fr: 'Votre session est terminée. Reconnectez-vous.' },
  UNAVAILABLE: { fr: 'Le service est absent un instant. Rien n’est perdu ; réessayez bientôt.' },
  broken_body: { fr: 'L’envoi a été interrompu. Réessayez.' },
  csrf: { fr: 'Cette page ne sait plus prouver qu’elle est la vôtre. Rechargez-la, puis réessayez.' },
  fault: { fr: 'Un problème est survenu de notre côté : {said}' },
  foreign_tenant: { fr: 'Votre session est celle d’un autre espace. Connectez-vous ici.' },
  invalid_form: { fr: 'Le formulaire n’a pas pu être lu. Rechargez la page, puis réessayez.' },
  invalid_json: { fr: 'La demande n’a pas pu être lue. Rechargez la page, puis réessayez.' },
  invalid_parameter: { fr: 'La demande n’a pas pu être lue. Rechargez la page, puis réessayez.' },
  invalid_query_string: { fr: 'La demande n’a pas pu être lue. Rechargez la page, puis réessayez.' },
  invalid_request: { fr: 'La demande n’a pas pu être lue. Rechargez la page, puis réessayez.' },
  method_not_allowed: { fr: 'Cette adresse ne prend pas une telle demande.' },
  origin: { fr: 'Une page d’une autre adresse ne peut pas faire cela. Ouvrez celle de votre espace.' },
  sign_up_refused: { fr: 'L’inscription n’a pas abouti : {said}' },
  subscription: { fr: 'Le suivi en direct passe par une autre adresse. Rechargez la page.' },
  unauthenticated: { fr: 'Votre session est terminée. Reconnectez-vous.' },
  unavailable: { fr: 'Le service est absent un instant. Rien n’est perdu ; réessayez bientôt.' },
  unsupported_media_type: { fr: 'Cette adresse ne prend pas ce type de contenu.' },
  weak_password: {
    fr: 'Ce mot de passe est trop court ou trop long. Choisissez-en un autre.',
    forms: [
      {
        en: 'The password is too short. Use at least {count} characters.',
        fr: 'Ce mot de passe est trop court. Prenez au moins {count} caractères.',
      },
      {
        en: 'The password is too long. Use at most {count} bytes.',
        fr: 'Ce mot de passe est trop long. Prenez au plus {count} octets.',
      },
    ],
  },
  websocket_protocol: { fr: 'Le suivi en direct n’a pas pu commencer. Rechargez la page.' },
  wrong_password: { fr: 'Ce n’est pas le mot de passe actuel. Vérifiez-le, puis réessayez.' },
} satisfies Meanings
