import { Link, useParams } from '@tanstack/react-router';
import { Copyable } from '@/components/Copy';
import { Section } from '@/components/Page';
import { Pair } from '@/components/Pair';
import { shown } from '@/components/value';
import { useWords } from '@/i18n';
import { shortId } from './figures';
import type { Execution } from './queries';
import { words } from './words';

type Titles = { schema: Record<string, unknown>; title?: string } | undefined;

export function Details({ execution, titles }: { execution: Execution; titles: Titles }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const { configuration } = execution;
  const parameters = Object.entries(configuration.parameters ?? {});
  const known = (titles?.schema.properties ?? {}) as Record<string, { title?: string; unit?: string }>;
  const policies = w.policies as Record<string, string>;
  return (
    <div className="two">
      <Section title={w.parameters} count={parameters.length}>
        {parameters.length === 0 ? (
          <p className="t3 gap-top">{w.noParameters}</p>
        ) : (
          <dl className="kv gap-top">
            {parameters.map(([name, value]) => (
              <Pair key={name} name={known[name]?.title ?? name} value={shown(value, known[name]?.unit)} />
            ))}
          </dl>
        )}
      </Section>
      <Section title={w.ids}>
        <dl className="kv gap-top">
          <dt>{w.execution}</dt>
          <dd>
            <Copyable text={execution.wid} />
          </dd>
          <dt>{w.workflow}</dt>
          <dd>
            <Link to="/o/$org/workflows/$workflow" params={{ org, workflow: configuration.wtid }} search={{ version: configuration.version ?? undefined }}>
              {titles?.title || configuration.name}
            </Link>{' '}
            <Copyable text={configuration.wtid} shown={shortId(configuration.wtid)} />
          </dd>
          {configuration.version && (
            <>
              <dt>{w.version}</dt>
              <dd>
                <Copyable text={configuration.version} shown={shortId(configuration.version)} />
              </dd>
            </>
          )}
          {configuration.project && <Pair name={w.project} value={configuration.project} />}
          {configuration.policy && <Pair name={w.policy} value={policies[configuration.policy] ?? configuration.policy} />}
        </dl>
      </Section>
    </div>
  );
}
