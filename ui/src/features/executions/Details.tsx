import { Copyable } from '@/components/Copy';
import { Section } from '@/components/Page';
import { Pair } from '@/components/Pair';
import { useWords } from '@/i18n';
import type { Execution } from './queries';
import { words } from './words';

type Titles = { schema: Record<string, unknown> } | undefined;

export function Details({ execution, titles }: { execution: Execution; titles: Titles }) {
  const w = useWords(words);
  const { configuration } = execution;
  const parameters = Object.entries(configuration.parameters ?? {});
  const known = (titles?.schema.properties ?? {}) as Record<string, { title?: string; unit?: string }>;
  const text = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));
  return (
    <div className="two">
      <Section title={w.parameters} count={parameters.length}>
        {parameters.length === 0 ? (
          <p className="t3 gap-top">{w.noParameters}</p>
        ) : (
          <dl className="kv gap-top">
            {parameters.map(([name, value]) => (
              <Pair key={name} name={known[name]?.title ?? name} value={`${text(value)} ${known[name]?.unit ?? ''}`} />
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
            <Copyable text={configuration.wtid} />
          </dd>
          {configuration.version && (
            <>
              <dt>{w.version}</dt>
              <dd>
                <Copyable text={configuration.version} />
              </dd>
            </>
          )}
          {configuration.project && <Pair name={w.project} value={configuration.project} />}
          {configuration.policy && <Pair name={w.policy} value={configuration.policy} />}
        </dl>
      </Section>
    </div>
  );
}
