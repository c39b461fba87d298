import { useQuery } from '@tanstack/react-query';
import { useNames } from '@/api/people';
import { DataTable, type Column } from '@/components/DataTable';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { RunOne } from '@/components/Next';
import { Empty } from '@/components/Note';
import { FigureStrip, Section } from '@/components/Page';
import { Bars, Key, Plotted, type Bar, type Figures } from '@/components/Plot';
import { roundUp } from '@/components/RangeBar';
import { Energy } from '@/components/Exact';
import { useWords } from '@/i18n';
import { energyScale, useFormats } from '@/i18n/format';
import { weeks } from './figures';
import { since, usageQuery, type Span, type Usage } from './queries';
import { words } from './words';

type Kind = 'costs' | 'energy';

export function UsageView({ kind, span }: { kind: Kind; span: Span }) {
  const w = useWords(words);
  const sums = useQuery(usageQuery('project', span));
  const byWeek = useQuery(usageQuery('project_week', span));
  return (
    <Loaded query={sums} rows={6}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty title={w.empty} action={<RunOne />}>{w.emptyText}</Empty>
        ) : (
          <div className="stack">
            <Summary rows={rows} kind={kind} />
            <Loaded query={byWeek}>{(data) => <Weeks rows={data.rows} kind={kind} span={span} projects={rows.map((one) => one.key)} />}</Loaded>
            <Projects rows={rows} kind={kind} />
          </div>
        )
      }
    </Loaded>
  );
}

const total = (rows: Usage[], of: (row: Usage) => number) => rows.reduce((all, row) => all + of(row), 0);

function useProjectName(): (id: string) => string {
  const w = useWords(words);
  const names = useNames();
  return (id) => (id ? names.project(id) : w.noProject);
}

function Summary({ rows, kind }: { rows: Usage[]; kind: Kind }) {
  const w = useWords(words);
  const f = useFormats();
  const attempts = total(rows, (one) => one.attempts);
  const measured = total(rows, (one) => one.energy_measured);
  const energy = total(rows, (one) => one.energy_j ?? 0);
  const overrun = total(rows, (one) => Number(one.overrun));
  const currency = rows[0]?.currency;
  const charged = { label: w.total, value: f.money(total(rows, (one) => Number(one.charged)), currency), note: overrun > 0 ? `${w.overrun}: ${f.money(overrun, currency)}` : undefined };
  const drawn = {
    label: w.energy,
    value: measured > 0 ? <Energy joules={energy} /> : <span className="t3 plain-v">{w.notMeasured}</span>,
    note: w.measured(f.number(measured), f.number(attempts)),
  };
  const used = { label: w.hours, value: w.inCoreHours(f.figure(total(rows, (one) => Number(one.core_h)))) };
  const made = { label: w.runs, value: f.number(attempts) };
  return <FigureStrip figures={kind === 'costs' ? [charged, used, made, drawn] : [drawn, used, made, charged]} />;
}

function Weeks({ rows, kind, span, projects }: { rows: Usage[]; kind: Kind; span: Span; projects: string[] }) {
  const w = useWords(words);
  const f = useFormats();
  const name = useProjectName();
  const found = weeks(rows, since(span));
  const currency = rows[0]?.currency;
  const valueOf = (row: Usage | undefined): number | null => (kind === 'costs' ? Number(row?.charged ?? 0) : row ? row.energy_j : 0);
  const say = (value: number | null) => (value === null ? w.notMeasured : kind === 'costs' ? f.money(value, currency) : f.energy(value));
  const bars: Bar[] = found.map(({ week, parts }) => {
    const values = projects.map((project) => valueOf(parts.get(project)));
    const unmeasured = kind === 'energy' && parts.size > 0 && [...parts.values()].every((row) => row.energy_j === null);
    return {
      key: week,
      label: f.shortDay(week),
      said: `${f.day(week)}: ${unmeasured ? w.gap : say(values.reduce<number>((all, value) => all + (value ?? 0), 0))}`,
      parts: values.map((value, at) => ({ colour: at, value: value ?? 0 })),
      gap: unmeasured,
    };
  });
  const most = Math.max(0, ...bars.map((bar) => bar.parts.reduce((all, part) => all + part.value, 0)));
  const { unit, factor } = kind === 'costs' ? { unit: '', factor: 1 } : energyScale(most);
  const top = roundUp(most / factor) * factor;
  const mark = (value: number) => (kind === 'costs' ? f.money(value, currency) : `${f.figure(value / factor)} ${unit}`);
  const figures: Figures = {
    columns: [{ name: w.week }, { name: w.project }, { name: kind === 'costs' ? w.cost : w.energy, number: true }],
    rows: found.flatMap(({ week, parts }) =>
      [...parts].map(([project, row]) => ({ text: [f.day(week), name(project), say(valueOf(row))], value: [week, name(project), kind === 'costs' ? Number(row.charged) : row.energy_j] })),
    ),
  };
  return (
    <Plotted title={kind === 'costs' ? w.byWeek : w.energyByWeek} file={`${kind}-by-week`} figures={figures} note={projects.length > 1 && <Key names={projects.map(name)} />}>
      <Bars bars={bars} top={top} marks={[mark(top), mark(top / 2), '0']} label={kind === 'costs' ? w.costLabel : w.energyLabel} />
    </Plotted>
  );
}

/** Each project: on the page of costs its money first, on that of energy what it drew, for a job that was measured too. */
function Projects({ rows, kind }: { rows: Usage[]; kind: Kind }) {
  const w = useWords(words);
  const f = useFormats();
  const name = useProjectName();
  const value = (one: Usage) => (kind === 'costs' ? Number(one.charged) : (one.energy_j ?? 0));
  const most = Math.max(1e-9, ...rows.map(value));
  const joules = (one: Usage, part = 1) => (one.energy_j === null ? <span className="t3">{w.notMeasured}</span> : <Energy joules={one.energy_j * part} />);
  const charged: Column<Usage> = { head: w.cost, num: true, cell: (one) => f.money(one.charged, one.currency) };
  const hours: Column<Usage> = { head: w.coreHours, num: true, cell: (one) => <span className="t2">{f.figure(Number(one.core_h))}</span> };
  const energy: Column<Usage> = { head: w.energy, num: true, cell: (one) => joules(one) };
  const share: Column<Usage> = { head: w.measuredShare, num: true, cell: (one) => <span className="t2">{f.percent(one.energy_measured / Math.max(1, one.attempts))}</span> };
  const each: Column<Usage> =
    kind === 'costs'
      ? { head: w.perRun, num: true, cell: (one) => <span className="t2">{f.money(Number(one.charged) / Math.max(1, one.attempts), one.currency)}</span> }
      : { head: w.perMeasured, num: true, cell: (one) => <span className="t2">{joules(one, 1 / Math.max(1, one.energy_measured))}</span> };
  return (
    <Section title={w.projects} count={rows.length}>
      <DataTable
        caption={w.projects}
        rows={[...rows].sort((a, b) => value(b) - value(a))}
        keyOf={(one) => one.key + one.currency}
        empty={{ title: w.empty }}
        columns={[
          { head: w.project, cell: (one) => name(one.key) },
          { head: kind === 'costs' ? w.byWeek : w.energyByWeek, unseen: true, hide: true, cell: (one) => <Meter parts={[{ share: value(one) / most }]} label={f.percent(value(one) / most)} /> },
          ...(kind === 'costs' ? [charged, each, hours, energy, share] : [energy, each, share, hours, charged]),
        ]}
      />
    </Section>
  );
}
