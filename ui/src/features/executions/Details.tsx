import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, told } from '@/api/client';
import { useMe } from '@/api/session';
import { waysOf, wishQuery, type Way } from '@/api/wish';
import { Copyable } from '@/components/Copy';
import { refused } from '@/components/Done';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { Pair } from '@/components/Pair';
import { shown } from '@/components/value';
import { Ways } from '@/components/Ways';
import { useWords } from '@/i18n';
import { shortId } from './figures';
import { executionQuery, hasEnded, type Execution } from './queries';
import { words } from './words';

type Titles = { schema: Record<string, unknown>; title?: string } | undefined;

/** How one hears of the end of this run, while it goes on and is one's own. */
function Telling({ execution }: { execution: Execution }) {
  const w = useWords(words);
  const client = useQueryClient();
  const wish = useQuery(wishQuery);
  const choose = async (notices: Way[]) => {
    try {
      const changed = await told(api.PUT('/api/v1/organization/workflow/{wid}/notices', { params: { path: { wid: execution.wid } }, body: { notices } }));
      client.setQueryData(executionQuery(execution.wid).queryKey, changed);
    } catch (caught) {
      refused(caught);
    }
  };
  return (
    <Section title={w.tellEnd}>
      <Loaded query={wish} rows={2}>
        {(now) => <Ways legend={w.tellEnd} chosen={(execution.notices as Way[] | null | undefined) ?? waysOf(now)} wish={now} change={choose} />}
      </Loaded>
    </Section>
  );
}

export function Details({ execution, titles }: { execution: Execution; titles: Titles }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const { configuration } = execution;
  const me = useMe();
  const mine = execution.owner.user === me.preferred_username && !hasEnded(execution.status);
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
      <div className="stack-3">
      {mine && <Telling execution={execution} />}
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
    </div>
  );
}
