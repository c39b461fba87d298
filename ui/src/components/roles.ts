/** The names of the default roles as people say them. */
import { catalogue, words } from '@/i18n';

const titles = catalogue(
  {
    engineer: 'Engineer',
    workflow_admin: 'Workflow administrator',
    application_packager: 'Application packager',
    project_admin: 'Project administrator',
    billing_admin: 'Billing administrator',
    organization_admin: 'Organization administrator',
    solution_admin: 'Solution administrator',
    tenant_admin: 'Tenant administrator',
    infrastructure_admin: 'Infrastructure administrator',
    platform_billing_admin: 'Platform billing administrator',
    resource_provider: 'Resource provider',
    application_provider: 'Application provider',
  },
  {
    engineer: 'Ingenieurwesen',
    workflow_admin: 'Workflow-Verwaltung',
    application_packager: 'Anwendungspaketierung',
    project_admin: 'Projektverwaltung',
    billing_admin: 'Abrechnungsverwaltung',
    organization_admin: 'Organisationsverwaltung',
    solution_admin: 'Lösungsverwaltung',
    tenant_admin: 'Mandantenverwaltung',
    infrastructure_admin: 'Infrastrukturverwaltung',
    platform_billing_admin: 'Abrechnung der Plattform',
    resource_provider: 'Ressourcenanbieter',
    application_provider: 'Anwendungsanbieter',
  },
);

export function roleTitle(name: string): string {
  return (words(titles) as Record<string, string>)[name] ?? name;
}
