import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('session', {
  en: {
    title: 'Sign in to {{product}}',
    titlePlain: 'Sign in',
    email: 'E-mail address',
    password: 'Password',
    signIn: 'Sign in',
    wrong: 'That e-mail address and password do not belong together. Check both and try again.',
    tooMany: 'Too many attempts. Wait a minute, then try again.',
    offline: 'The server does not answer. Check your connection, then try again.',
    other: 'Signing in did not work. Try again in a moment.',
    enterEmail: 'Enter your e-mail address',
    enterPassword: 'Enter your password',
    show: 'Show or hide the password',
    language: 'Language',
  },
  fr: {
    title: 'Connexion à {{product}}',
    titlePlain: 'Connexion',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    signIn: 'Se connecter',
    wrong: 'Cette adresse e-mail et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez.',
    tooMany: 'Trop de tentatives. Patientez une minute, puis réessayez.',
    offline: 'Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.',
    other: 'La connexion n’a pas abouti. Réessayez dans un instant.',
    enterEmail: 'Saisissez votre adresse e-mail',
    enterPassword: 'Saisissez votre mot de passe',
    show: 'Afficher ou masquer le mot de passe',
    language: 'Langue',
  },
})
