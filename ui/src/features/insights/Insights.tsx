/** What runs cost and drew, and how good the decisions were. */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Top } from '@/components/Page';
import { useWords } from '@/i18n';
import { Decisions } from './Decisions';
import { SPANS, type Span } from './queries';
import { UsageView } from './UsageView';
import { words } from './words';

export const VIEWS = ['costs', 'energy', 'decisions'] as const;
const ROUTE = '/o/$org/insights';

export function Insights() {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const { view = 'costs', span = '90d', measure = 'time' } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  return (
    <>
      <Top title={w.title} />
      <nav className="tabs" aria-label={w.title}>
        {VIEWS.map((one) => (
          <Link key={one} to={ROUTE} params={{ org }} search={(old) => ({ ...old, view: one === 'costs' ? undefined : one })} aria-current={view === one ? 'page' : undefined} activeOptions={{ exact: true }}>
            {w.tabs[one]}
          </Link>
        ))}
      </nav>
      {view !== 'decisions' && (
        <div className="tools">
          <label className="row">
            <span className="t3">{w.span}</span>
            <select className="select" value={span} onChange={(event) => void navigate({ search: (old) => ({ ...old, span: event.target.value as Span }) })}>
              {SPANS.map((one) => (
                <option key={one} value={one}>
                  {w.spans[one]}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      {view === 'decisions' ? <Decisions measure={measure} choose={(next) => void navigate({ search: (old) => ({ ...old, measure: next }) })} /> : <UsageView kind={view} span={span} />}
    </>
  );
}
