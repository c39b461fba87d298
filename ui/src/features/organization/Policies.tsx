import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { done } from '@/components/Done';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { PlacementPolicy } from './PlacementPolicy';
import { changed, changeSettings, settingsQuery } from './queries';
import { words } from './words';

export function Policies() {
  const w = useWords(words);
  const client = useQueryClient();
  const query = useQuery(settingsQuery);
  const [editing, setEditing] = useState(false);
  return (
    <Loaded query={query} rows={3}>
      {(now) => (
        <div className="stack">
          <PlacementPolicy />
          <Section
            title={w.networks}
            aside={
              <button type="button" className="btn end" onClick={() => setEditing(true)}>
                {w.changePolicy}
              </button>
            }
          >
            <dl className="kv facts-left gap-top">
              <dt>{w.orgTitle}</dt>
              <dd>{now.title || now.name}</dd>
              <dt>{w.networks}</dt>
              <dd className={now.allowed_sources.length > 0 ? 'mono' : undefined}>{now.allowed_sources.join(', ') || w.networksNone}</dd>
            </dl>
          </Section>
          {editing && (
            <FormDialog
              title={w.tabs.policies}
              fields={[
                { name: 'title', label: w.orgTitle },
                { name: 'sources', label: w.networks, help: w.networksText, kind: 'area', pointer: 'allowed_sources' },
              ]}
              start={{ title: now.title, sources: now.allowed_sources.join('\n') }}
              yes={w.save}
              effect={({ sources }) => {
                const asked = String(sources).split(/\s+/).filter(Boolean);
                return asked.length > 0 ? (
                  <p className="effect warn" role="status">
                    {w.policyEffect(asked.length)}
                  </p>
                ) : null;
              }}
              onClose={() => setEditing(false)}
              act={async ({ title, sources }) => {
                await changeSettings({ title: String(title), allowed_sources: String(sources).split(/\s+/).filter(Boolean) });
                changed(client);
                done(w.policySaved, () => changeSettings({ title: now.title, allowed_sources: now.allowed_sources }).then(() => changed(client)));
              }}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}
