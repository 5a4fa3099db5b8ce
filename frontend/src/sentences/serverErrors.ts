import type { Meanings } from './say'

const sentBefore = {
  en: 'Of {all} messages, {sent} were sent before it, and {doubt} may have arrived. None of them is sent again.',
  fr: 'Sur {all} messages, {sent} avaient été envoyés, et {doubt} ont pu arriver. Aucun d’eux n’est renvoyé.',
}

const repeated = {
  en: 'It may have been done nevertheless, so that it is not repeated.',
  fr: 'Cela a peut-être été fait malgré tout : ce n’est donc pas répété.',
}

/** Why a database, a broker or a mail server gave nothing. */
export const serverErrors = {
  address: {
    fr: 'Cette adresse de courriel ne convient pas : {said}',
    forms: [
      {
        en: '“{address}” is no address of mail. Write ada@example.com or Ada <ada@example.com>.',
        fr: '« {address} » n’est pas une adresse de courriel. Écrivez ada@example.com ou Ada <ada@example.com>.',
      },
      {
        en: 'The letter is addressed to nobody.',
        fr: 'Ce courriel n’a pas de destinataire.',
      },
    ],
  },
  connection: {
    fr: 'La connexion au serveur n’a pas abouti : {said}',
    forms: [
      repeated,
      sentBefore,
      { en: 'The connection to {server} broke.', fr: 'La connexion à {server} s’est interrompue.' },
      {
        en: 'The host {host} could not be found.',
        fr: 'Le serveur {host} est introuvable. Vérifiez l’adresse.',
      },
      {
        en: '{host} could not be reached on port {port}.',
        fr: '{host} ne répond pas sur le port {port}.',
      },
      { en: '“{host}” is no name of a server.', fr: '« {host} » n’est pas un nom de serveur.' },
      {
        en: '{server} does not offer encrypted connections. Encrypt it there, or turn encryption off in the credential.',
        fr: '{server} ne propose pas de connexion chiffrée. Activez le chiffrement sur ce serveur, ou désactivez-le dans l’identifiant.',
      },
      {
        en: 'No encrypted connection to {host} could be made: {reason}.',
        fr: 'La connexion chiffrée à {host} n’a pas abouti ({reason}).',
      },
    ],
  },
  host_key: {
    fr: 'Un autre serveur a peut-être répondu : {said}',
    forms: [
      {
        en: 'Another server may have answered: it shows the host key {shown}, which is not the one of the credential. If the server has a new key, write that into the credential.',
        fr: 'Un autre serveur a peut-être répondu : il présente la clé d’hôte {shown}, qui n’est pas celle de l’identifiant. Si le serveur a une nouvelle clé, écrivez-la dans l’identifiant.',
      },
    ],
  },
  not_sent: {
    fr: 'Le message n’a pas été envoyé : {said}',
    forms: [{ en: 'The message was not sent: {said}', fr: 'Le message n’a pas été envoyé : {said}' }],
  },
  server_answer: {
    fr: 'La réponse du serveur ne convient pas : {said}',
    forms: [
      repeated,
      sentBefore,
      {
        en: 'There are more than {limit} rows. Ask for fewer at a time.',
        fr: 'Il y a plus de {limit} lignes. Demandez-en moins à la fois.',
      },
      {
        en: 'The storage server answered something that is not understood. Is the endpoint of the credential the right one?',
        fr: 'La réponse du serveur de stockage n’est pas comprise. L’adresse de l’identifiant est-elle la bonne ?',
      },
      {
        en: 'The folders are nested more than {levels} levels deep.',
        fr: 'Les dossiers sont imbriqués sur plus de {levels} niveaux.',
      },
      {
        en: 'The command wrote more than {limit} MiB.',
        fr: 'La commande a écrit plus de {limit} Mio.',
      },
    ],
  },
  server_refused: {
    fr: 'Le serveur a refusé : {said}',
    forms: [
      {
        en: 'The storage server refused it ({code}): {message}',
        fr: 'Le serveur de stockage a refusé ({code}) : {message}',
      },
      {
        en: 'Nobody listens to this subject, so that nobody can answer.',
        fr: 'Personne n’écoute ce sujet : personne ne peut donc répondre.',
      },
      { en: 'Nobody answered within {seconds} s.', fr: 'Personne n’a répondu en {seconds} s.' },
      {
        en: 'This message has {total} bytes, and the server takes at most {most}.',
        fr: 'Ce message a {total} octets, et le serveur en accepte {most} au plus.',
      },
      {
        en: 'RabbitMQ did not take the message: its queue is full, or failed.',
        fr: 'RabbitMQ n’a pas pris le message : sa file est pleine ou en panne.',
      },
      {
        en: 'Kafka has no topic “{topic}”, and makes none by itself.',
        fr: 'Kafka n’a pas de sujet « {topic} », et n’en crée pas de lui-même.',
      },
      {
        en: 'The topic “{topic}” has no leader that could take messages. Try again later.',
        fr: 'Le sujet « {topic} » n’a pas de serveur principal pour prendre les messages. Réessayez plus tard.',
      },
      {
        en: 'The message may have arrived, but was not confirmed: {said}',
        fr: 'Le message est peut-être arrivé, mais n’a pas été confirmé : {said}',
      },
      { en: 'Kafka did not confirm the message in time.', fr: 'Kafka n’a pas confirmé le message à temps.' },
      {
        en: 'Kafka takes no message as large as this one.',
        fr: 'Kafka n’accepte pas de message aussi grand que celui-ci.',
      },
      {
        en: 'Too few copies of the topic “{topic}” are in step for Kafka to take messages.',
        fr: 'Trop peu de copies du sujet « {topic} » sont à jour pour que Kafka prenne des messages.',
      },
      {
        en: 'The user may not write to the topic “{topic}” of Kafka.',
        fr: 'L’utilisateur n’a pas le droit d’écrire dans le sujet « {topic} » de Kafka.',
      },
      {
        en: 'This server does not know this compression.',
        fr: 'Ce serveur ne connaît pas cette compression.',
      },
      { en: 'Kafka refused it with the error {code}.', fr: 'Kafka a refusé, avec l’erreur {code}.' },
      {
        en: 'No server of MongoDB takes writes: its replica set has no primary at the moment. Try again later.',
        fr: 'Aucun serveur de MongoDB n’accepte d’écriture : son groupe n’a pas de serveur principal en ce moment. Réessayez plus tard.',
      },
      {
        en: 'This server of MongoDB does not belong to the replica set “{wanted}”.',
        fr: 'Ce serveur de MongoDB n’appartient pas au groupe « {wanted} ».',
      },
      { en: 'MongoDB refused it with the error {code}.', fr: 'MongoDB a refusé, avec l’erreur {code}.' },
      {
        en: 'SQL Server takes encrypted connections only. Turn encryption on in the credential.',
        fr: 'SQL Server n’accepte que des connexions chiffrées. Activez le chiffrement dans l’identifiant.',
      },
      {
        en: 'NATS takes encrypted connections only. Turn encryption on in the credential.',
        fr: 'NATS n’accepte que des connexions chiffrées. Activez le chiffrement dans l’identifiant.',
      },
    ],
  },
  server_timeout: {
    fr: 'Le serveur n’a pas répondu à temps.',
    forms: [
      repeated,
      sentBefore,
      { en: '{server} did not answer within {seconds} s.', fr: '{server} n’a pas répondu en {seconds} s.' },
    ],
  },
  sign_in: {
    fr: 'Le serveur n’accepte pas cet identifiant : {said}',
    forms: [
      {
        en: '{server} does not let the user in: {reason}.',
        fr: '{server} refuse l’accès à cet utilisateur ({reason}).',
      },
    ],
  },
  taken_back: {
    fr: 'Cet élément a été annulé avec les autres : {said}',
    forms: [
      {
        en: 'It was taken back, since item {index} failed: {message}',
        fr: 'Il a été annulé, car l’élément {index} a échoué : {message}',
      },
    ],
  },
} satisfies Meanings
