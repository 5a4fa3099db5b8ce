import type { AuditActor } from '@/gql/graphql'
import { defineLabels } from '@/i18n/labels'

const labels = defineLabels('audit', {
  en: {
    actor_STRANGER: 'An unknown person',
    actor_PLATFORM: 'System',
    did_tenant_created: 'Created the workspace',
    did_tenant_renamed: 'Renamed the workspace',
    did_tenant_branding_changed: 'Changed the branding',
    did_tenant_settings_changed: 'Changed the settings',
    did_member_joined: 'Added a member',
    did_member_role_changed: 'Changed a role',
    did_member_removed: 'Removed a member',
    did_workflow_created: 'Created a workflow',
    did_workflow_published: 'Published a workflow',
    did_workflow_activated: 'Activated a workflow',
    did_workflow_deactivated: 'Paused a workflow',
    did_workflow_archived: 'Archived a workflow',
    did_execution_queued: 'Executed by hand',
    did_execution_cancelled: 'Cancelled an execution',
    did_variable_set: 'Set a variable',
    did_variable_deleted: 'Removed a variable',
    did_credential_created: 'Created a credential',
    did_credential_renamed: 'Renamed a credential',
    did_credential_rotated: 'Replaced a secret',
    did_credential_tested: 'Tested a credential',
    did_credential_used: 'Used a credential for the first time that day',
    did_credential_deleted: 'Deleted a credential and destroyed its secret',
    did_access_signed_in: 'Signed in',
    did_access_password_changed: 'Changed their password',
    did_access_refused: 'Was refused',
    field_number: 'version',
    field_draftVersion: 'draft',
    field_productName: 'name',
    field_accentColor: 'colour',
  },
  fr: {
    actor_STRANGER: 'Une personne inconnue',
    actor_PLATFORM: 'Système',
    did_tenant_created: 'Création de l’espace',
    did_tenant_renamed: 'Nouveau nom de l’espace',
    did_tenant_branding_changed: 'Changement de la marque',
    did_tenant_settings_changed: 'Changement des réglages',
    did_member_joined: 'Ajout d’un membre',
    did_member_role_changed: 'Changement de rôle',
    did_member_removed: 'Retrait d’un membre',
    did_workflow_created: 'Création d’un workflow',
    did_workflow_published: 'Publication d’un workflow',
    did_workflow_activated: 'Activation d’un workflow',
    did_workflow_deactivated: 'Mise en pause d’un workflow',
    did_workflow_archived: 'Archivage d’un workflow',
    did_execution_queued: 'Exécution à la main',
    did_execution_cancelled: 'Annulation d’une exécution',
    did_variable_set: 'Définition d’une variable',
    did_variable_deleted: 'Retrait d’une variable',
    did_credential_created: 'Création d’un identifiant',
    did_credential_renamed: 'Nouveau nom d’un identifiant',
    did_credential_rotated: 'Remplacement d’un secret',
    did_credential_tested: 'Test d’un identifiant',
    did_credential_used: 'Première utilisation d’un identifiant ce jour-là',
    did_credential_deleted: 'Suppression d’un identifiant et destruction de son secret',
    did_access_signed_in: 'Connexion',
    did_access_password_changed: 'Changement de mot de passe',
    did_access_refused: 'Accès refusé',
    field_number: 'version',
    field_draftVersion: 'brouillon',
    field_productName: 'nom',
    field_accentColor: 'couleur',
  },
})

type Key = Parameters<typeof labels.translate>[0]

/** Words for what the server names in its own: actions by the key that `wordsKey` makes, and fields of the detail. */
export function useAuditLabels() {
  const t = labels.useLabels()
  const known = (key: string) => {
    const words = t(key as Key)
    return words === key ? null : words
  }
  return {
    actionOf: known,
    /** Everybody is called by their name; the platform, and whoever has none here, by a word. */
    actorOf: (actor: string, kind: AuditActor) => (kind === 'PERSON' ? actor : t(`actor_${kind}`)),
    fieldOf: (field: string) => known(`field_${field}`) ?? field,
  }
}
