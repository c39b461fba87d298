/** What a job used while it ran: how busy its cores were, and what its nodes drew, over time. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Loaded } from '@/components/Loaded';
import { Plotted, Steps, type Figures, type Stretch } from '@/components/Plot';
import { Section } from '@/components/Page';
import { roundUp } from '@/components/RangeBar';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { usageQuery, type Job, type Usage as Used } from './queries';
import { words } from './words';

const MOST = 2000;

export function Usage({ execution, jobs, which, choose }: { execution: string; jobs: Job[]; which: { step?: string; index?: number }; choose: (which: { step?: string; index?: number }) => void }) {
  const w = useWords(words);
  const begun = jobs.filter((job) => job.started_at);
  const job = begun.find((one) => one.step === which.step && one.index === (which.index ?? 0)) ?? begun.find((one) => one.state === 'RUNNING') ?? begun[0];
  const query = useQuery({ ...usageQuery(execution, job?.step ?? '', job?.index ?? 0, job?.state !== 'ENDED'), enabled: job !== undefined, placeholderData: keepPreviousData });
  if (!job) return <NothingYet />;
  const many = new Set(jobs.filter((one) => one.index > 0).map((one) => one.step));
  const choice = begun.length > 1 && (
    <select
      className="select sm"
      aria-label={w.usageOf}
      value={`${job.index} ${job.step}`}
      onChange={(event) => {
        const [index, ...step] = event.target.value.split(' ');
        choose({ step: step.join(' '), index: Number(index) });
      }}
    >
      {begun.slice(0, MOST).map((one) => (
        <option key={one.id} value={`${one.index} ${one.step}`}>
          {one.title || one.step} {many.has(one.step) ? one.index + 1 : ''}
        </option>
      ))}
    </select>
  );
  return (
    <Loaded query={query} rows={6}>
      {(used) => (used ? <Shown used={used} choice={choice} /> : <NothingYet />)}
    </Loaded>
  );
}

function NothingYet() {
  const w = useWords(words);
  return (
    <Section panel title={w.usage}>
      <p className="body t3">{w.usageWhy.not_started}</p>
    </Section>
  );
}

function Shown({ used, choice }: { used: Used; choice: React.ReactNode }) {
  const w = useWords(words);
  const f = useFormats();
  const why = w.usageWhy as Record<string, string>;
  const samples = used.samples.map((one) => ({ ...one, from: Date.parse(one.start), to: Date.parse(one.end) }));
  const short = samples.length > 0 && (samples.at(-1)?.to ?? 0) - (samples[0]?.from ?? 0) < 20 * 60_000;
  const figures: Figures = {
    columns: [{ name: w.start }, { name: w.end }, { name: w.busy, number: true }, { name: w.power, number: true }, { name: w.memory, number: true }],
    rows: samples.map((one) => ({
      text: [f.clock(one.start, short), f.clock(one.end, short), one.cpu_share === null ? '–' : f.percent(one.cpu_share), one.power_w === null ? '–' : f.power(one.power_w), one.memory_bytes === null ? '–' : f.bytes(one.memory_bytes)],
      value: [one.start, one.end, one.cpu_share, one.power_w, one.memory_bytes],
    })),
  };
  const name = used.title || used.step;
  const lane = (title: string, values: Stretch[], unknown: Used['cpu_unknown'], least: number, said: (value: number) => string) => {
    const known = values.filter((one) => one.value !== null);
    const mean = known.reduce((sum, one) => sum + (one.value ?? 0) * (one.to - one.from), 0) / Math.max(1, known.reduce((sum, one) => sum + one.to - one.from, 0));
    const greatest = Math.max(...known.map((one) => one.value ?? 0), 0);
    if (unknown || known.length === 0)
      return (
        <p className="usage-why">
          <b>{title}</b> <span className="t3">{w.usageUnknown}: {why[unknown?.code ?? 'silent'] ?? unknown?.text}</span>
        </p>
      );
    const told = w.usageTold(title, said(mean), said(greatest));
    return (
      <figure className="usage-lane">
        <figcaption className="row">
          <b>{title}</b> <span className="t3 xs">{w.usageMean(said(mean), said(greatest))}</span>
        </figcaption>
        <Steps stretches={values} top={Math.max(least, roundUp(greatest))} mark={said} tick={(at) => f.clock(new Date(at), short)} label={told} />
      </figure>
    );
  };
  return (
    <Plotted title={w.usage} file={`${used.job}-usage`} figures={figures} note={choice} panel>
      <div className="body stack-3">
        {lane(w.busy, samples.map(({ from, to, cpu_share }) => ({ from, to, value: cpu_share })), used.cpu_unknown, 1, (value) => f.percent(value))}
        {used.power_unknown?.code === used.cpu_unknown?.code && used.power_unknown ? null : lane(w.power, samples.map(({ from, to, power_w }) => ({ from, to, value: power_w })), used.power_unknown, 0, (value) => f.power(value))}
        <p className="xs t3">
          {w.usageCores(name, f.percent(1), used.cores)}
          {used.every_s !== null && ` ${w.usageEvery(f.duration(used.every_s))}`}
          {used.energy_source && !used.power_unknown && ` ${used.energy_source === 'slurm' ? w.usageNodes : w.usageMachine}`}
        </p>
      </div>
    </Plotted>
  );
}
