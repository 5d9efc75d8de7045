// The site: its sidebar, and what keeps it to the sources' text and away from other hosts.

import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import { repository } from './repository.mjs';

export default defineConfig({
  image: { service: passthroughImageService() }, // there are none to make smaller
  markdown: { smartypants: false }, // what is quoted is meant as it stands
  integrations: [
    starlight({
      title: 'plesk-operator',
      description: 'A Kubernetes operator for Plesk servers.',
      social: [{ icon: 'github', label: 'Sources', href: repository }],
      customCss: ['./src/site.css'],
      credits: false,
      // check.mjs fails when a page is missing here.
      sidebar: [
        {
          label: 'Start',
          items: ['start', 'concepts', 'kinds', 'install', { slug: 'install/helm', label: 'Install with Helm' }],
        },
        {
          label: 'Guides',
          items: [
            'guides/onboard-a-customer',
            'guides/take-over',
            { slug: 'export', label: 'Export a server' },
            'guides/gitops',
            'guides/beside-a-billing-system',
            'guides/suspend',
            'guides/cert-manager',
            { slug: 'guides/application-database', label: 'A database for an application' },
            'guides/mail-migration',
            'guides/large-zone',
            'guides/windows',
            'guides/a-tenants-own-corner',
            'guides/a-resellers-own-corner',
          ],
        },
        {
          label: 'Reference',
          items: [
            { slug: 'reasons', label: 'Reasons, and what to do' },
            'reference/error-codes',
            'kubectl-plesk',
            { slug: 'flags', label: 'Flags' },
            'metrics',
            { slug: 'roles', label: 'Roles of credentials' },
            { label: 'API', collapsed: true, autogenerate: { directory: 'reference/api' } },
          ],
        },
        {
          label: 'Operations',
          items: [
            'security',
            'performance',
            'reliability',
            { label: 'Alerts and runbooks', collapsed: true, autogenerate: { directory: 'runbooks' } },
            { slug: 'disaster-recovery', label: 'Disaster recovery' },
            { slug: 'upgrade', label: 'Upgrade' },
            { slug: 'versioning', label: 'Versions' },
            'changelog',
            { slug: 'uninstall', label: 'Uninstall' },
          ],
        },
        {
          label: 'Background',
          items: [
            'architecture',
            'decisions',
            { slug: 'protocol', label: 'Protocol' },
            { slug: 'plesksim', label: 'plesksim, a simulated Plesk' },
          ],
        },
      ],
    }),
  ],
});
