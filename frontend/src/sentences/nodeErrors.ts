import type { Meanings } from './say'

/** Why a node that transforms items refused them. */
export const nodeErrors = {
  amount: { fr: 'La durée de l’attente ne convient pas : {said}' },
  crypto: {
    fr: 'Ce texte ne peut être ni chiffré ni déchiffré : {said}',
    forms: [
      {
        en: 'This key encrypts up to {most} bytes, but the text has {length}.',
        fr: 'Cette clé chiffre jusqu’à {most} octets, mais le texte en a {length}.',
      },
      {
        en: 'This is nothing that was encrypted: it is no base64, or too short.',
        fr: 'Ceci n’a pas été chiffré : ce n’est pas du base64, ou c’est trop court.',
      },
      {
        en: 'It cannot be decrypted: another key, secret or cipher encrypted it, or it was changed.',
        fr: 'Ceci ne peut pas être déchiffré : une autre clé, un autre secret ou un autre chiffre l’a chiffré, ou c’est altéré.',
      },
      {
        en: 'What was decrypted is no text in UTF-8.',
        fr: 'Ce qui a été déchiffré n’est pas un texte en UTF-8.',
      },
      { en: 'The text is too long to be encrypted.', fr: 'Le texte est trop long pour être chiffré.' },
    ],
  },
  crypto_key: {
    fr: 'La clé de l’identifiant ne convient pas : {said}',
    forms: [
      {
        en: 'The private key of the credential is no PEM that can be read.',
        fr: 'La clé privée de l’identifiant n’est pas du PEM lisible.',
      },
      {
        en: 'The private key is locked, and the passphrase of the credential does not open it.',
        fr: 'La clé privée est protégée, et la phrase secrète de l’identifiant ne l’ouvre pas.',
      },
      {
        en: 'The private key of the credential is not one of RSA, which alone encrypts.',
        fr: 'La clé privée de l’identifiant n’est pas une clé RSA, la seule à chiffrer.',
      },
      {
        en: 'The public key of the credential is no RSA key in PEM that can be read.',
        fr: 'La clé publique de l’identifiant n’est pas une clé RSA en PEM lisible.',
      },
      {
        en: 'The private key of the credential cannot sign with this algorithm.',
        fr: 'La clé privée de l’identifiant ne peut pas signer avec cet algorithme.',
      },
      {
        en: 'The RSA key of the credential is too short for this signature.',
        fr: 'La clé RSA de l’identifiant est trop courte pour cette signature.',
      },
      {
        en: 'Texts are encrypted with RSA keys of 2,048 to 8,192 bits; the credential has another one.',
        fr: 'Les textes sont chiffrés avec des clés RSA de 2 048 à 8 192 bits ; l’identifiant en a une autre.',
      },
    ],
  },
  custom_data: {
    fr: 'Cette entrée ne peut pas être notée : {said}',
    forms: [
      {
        en: 'A name has up to {most} letters, digits and underscores; “{key}” does not.',
        fr: 'Un nom a jusqu’à {most} lettres, chiffres et tirets bas ; ce n’est pas le cas de « {key} ».',
      },
      {
        en: 'An execution is marked with up to {most} entries; “{key}” would be one more.',
        fr: 'Une exécution porte jusqu’à {most} entrées ; « {key} » en serait une de trop.',
      },
    ],
  },
  date: { fr: 'Cette date ne peut pas être lue : {said}' },
  dateTime: { fr: 'Ce moment ne peut pas être lu : {said}' },
  field_missing: { fr: 'Un champ à comparer manque : {said}' },
  field_type: { fr: 'Un champ n’a pas le même type partout : {said}' },
  file_format: { fr: 'Ce fichier ne peut pas être lu ou fait : {said}' },
  file_gone: { fr: 'Ce fichier n’est pas ou plus gardé : {said}' },
  file_missing: { fr: 'L’élément n’a pas ce fichier : {said}' },
  file_store: {
    fr: 'Le stockage des fichiers a échoué : {said}',
    forms: [
      {
        en: 'The store of files failed. Try again in a moment.',
        fr: 'Le stockage des fichiers a échoué. Réessayez dans un instant.',
      },
    ],
  },
  file_too_large: {
    fr: 'Ce fichier est trop grand : {said}',
    forms: [
      {
        en: 'The file {file} is larger than the {limit} MiB that can be read here.',
        fr: 'Le fichier {file} dépasse les {limit} Mio qui peuvent être lus ici.',
      },
      { en: 'A file may have {limit} MiB at most.', fr: 'Un fichier peut avoir {limit} Mio au plus.' },
      { en: 'What is sent has more than {limit} MiB.', fr: 'Ce qui est envoyé dépasse {limit} Mio.' },
      {
        en: 'Send the files in requests of their own, or smaller ones.',
        fr: 'Envoyez chaque fichier dans sa propre requête, ou de plus petits.',
      },
    ],
  },
  files: {
    fr: 'Les fichiers ne sont pas gardés ici : {said}',
    forms: [{ en: 'This installation keeps no files.', fr: 'Cette installation ne garde pas de fichiers.' }],
  },
  graphql: {
    fr: 'Le serveur GraphQL n’a pas répondu comme attendu : {said}',
    forms: [
      { en: 'The GraphQL server refused it: {said}', fr: 'Le serveur GraphQL a refusé : {said}' },
      {
        en: 'The server answered something else than JSON.',
        fr: 'Le serveur a répondu autre chose que du JSON.',
      },
    ],
  },
  jwt: {
    fr: 'Le jeton ne convient pas : {said}',
    forms: [
      { en: 'This is not a JSON Web Token.', fr: 'Ce n’est pas un jeton JWT.' },
      {
        en: "The token is signed with another algorithm than the credential's.",
        fr: 'Le jeton est signé par un autre algorithme que celui de l’identifiant.',
      },
      { en: 'The signature of the token is wrong.', fr: 'La signature du jeton est fausse.' },
      { en: 'The token has expired.', fr: 'Le jeton a expiré.' },
      { en: 'The token is not valid yet.', fr: 'Le jeton n’est pas encore valable.' },
      {
        en: 'The credential has no {key} for its algorithm, or one that cannot be read. Keys are written in PEM.',
        fr: 'L’identifiant n’a pas de clé pour son algorithme, ou elle est illisible. Les clés s’écrivent en PEM.',
      },
    ],
  },
  nothing_found: {
    fr: 'Le déclencheur n’a rien trouvé : {said}',
    forms: [
      {
        en: 'There is nothing yet that this trigger could begin with.',
        fr: 'Il n’y a encore rien avec quoi ce déclencheur pourrait commencer.',
      },
    ],
  },
  poll_timeout: {
    fr: 'Le déclencheur a regardé trop longtemps : {said}',
    forms: [
      {
        en: 'Looking took longer than {seconds} s and was given up.',
        fr: 'Regarder a pris plus de {seconds} s et a été abandonné.',
      },
    ],
  },
  totp: {
    fr: 'Le secret de l’identifiant n’est pas en Base32, comme l’écrivent les applications d’authentification.',
  },
  history: {
    fr: 'Ce nœud retient trop peu de valeurs : {said}',
    forms: [
      {
        en: 'The items have {count} values, and the node remembers {size} of them.',
        fr: 'Les éléments ont {count} valeurs, et le nœud en retient {size}.',
      },
    ],
  },
  remembered: { fr: 'Ce qui a été retenu n’a pas pu être consulté. Réessayez plus tard.' },
  seen: { fr: 'Rien n’est retenu ici d’une exécution à la suivante.' },
  items_broken: { fr: 'Des éléments conservés n’ont pas pu être lus ou écrits.' },
  items_gone: {
    fr: 'Des éléments d’une étape précédente ne sont plus conservés. Exécutez de nouveau le workflow.',
  },
  items_failed: { fr: 'Tous les éléments ont échoué : {said}' },
  not_a_list: { fr: 'Le champ à diviser n’est pas une liste : {said}' },
  not_an_object: { fr: 'Ce champ n’est pas un objet : {said}' },
  pattern: {
    fr: 'Cette expression régulière ne convient pas : {said}',
    forms: [
      {
        en: '“{source}” is not a regular expression that can be used here.',
        fr: '« {source} » n’est pas une expression régulière utilisable ici.',
      },
    ],
  },
  selector: {
    fr: 'Ce sélecteur CSS ne peut pas être lu : {said}',
    forms: [
      {
        en: '“{css}” is not a CSS selector: {error}.',
        fr: '« {css} » n’est pas un sélecteur CSS ({error}).',
      },
      { en: 'The CSS selector is empty.', fr: 'Le sélecteur CSS est vide.' },
    ],
  },
  switch_output: {
    fr: 'Cette sortie n’existe pas : {said}',
    forms: [
      {
        en: 'There is no output {asked}: they are numbered from 0 to {last}.',
        fr: 'Il n’y a pas de sortie {asked} : elles sont numérotées de 0 à {last}.',
      },
    ],
  },
  too_deep: {
    fr: 'Le document est trop profondément imbriqué : {said}',
    forms: [
      {
        en: 'The document is nested more than {max} levels deep.',
        fr: 'Le document est imbriqué sur plus de {max} niveaux.',
      },
      {
        en: 'The node made data that is nested more than {max} levels deep.',
        fr: 'Le nœud a fait des données imbriquées sur plus de {max} niveaux.',
      },
    ],
  },
  too_many_items: { fr: 'Ce nœud donnerait trop d’éléments : {said}' },
  trigger_items: { fr: 'Ce que le déclencheur a trouvé ne peut pas être enregistré : {said}' },
  xml: {
    fr: 'Ce XML ne convient pas : {said}',
    forms: [
      {
        en: 'This is not valid XML, line {line}: {reason}.',
        fr: 'Ce n’est pas du XML valide, ligne {line} ({reason}).',
      },
    ],
  },
} satisfies Meanings
