import { Day } from '@/components/Exact';
import { Prose } from '@/components/Prose';
import { Section } from '@/components/Page';
import { Copyable } from '@/components/Copy';
import { shortId } from '@/components/value';
import { Empty } from '@/components/Note';
import { shown } from '@/components/value';
import { Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { inputsOf, type Schema, type Template } from './queries';
import { words } from './words';

export function About({ template }: { template: Template }) {
  const w = useWords(words);
  return (
    <div className="cols">
      <div className="stack">
        <Inputs template={template} />
        <Section title={w.readme}>
          <div className="gap-top">{template.readme ? <Prose source={template.readme} /> : <p className="t3">{w.noReadme}</p>}</div>
        </Section>
      </div>
      <aside className="stack" aria-label={w.facts}>
        <Section title={w.facts}>
          <dl className="kv gap-top">
            <dt>{w.id}</dt>
            <dd>
              <Copyable text={template.id} shown={shortId(template.id)} />
            </dd>
            <dt>{w.name}</dt>
            <dd className="mono">{template.name}</dd>
            <dt>{w.published}</dt>
            <dd>
              <Day at={template.published_at} /> {w.by(template.publisher ?? w.platform)}
            </dd>
            <dt>{w.visibility}</dt>
            <dd>{w.visibilities[template.visibility === 'restricted' ? 'restricted' : 'organization']}</dd>
          </dl>
        </Section>
        <Section title={w.results}>
          {Object.keys(template.outputs).length === 0 ? (
            <p className="t3 gap-top">{w.noResults}</p>
          ) : (
            <ul className="lines">
              {Object.keys(template.outputs).map((name) => (
                <li key={name} className="mono">
                  {name}
                </li>
              ))}
            </ul>
          )}
        </Section>
      </aside>
    </div>
  );
}

function Inputs({ template }: { template: Template }) {
  const w = useWords(words);
  const inputs = inputsOf(template);
  const required = new Set((template.schema as Schema).required ?? []);
  return (
    <Section title={w.inputs} count={inputs.length}>
      {inputs.length === 0 ? (
        <p className="t3 gap-top">{w.noInputs}</p>
      ) : (
        <div className="scroll">
          <table className="table flush stackable">
            <thead>
              <tr>
                <th scope="col">{w.name}</th>
                <th scope="col">{w.meaning}</th>
                <th scope="col" className="num">
                  {w.usual}
                </th>
              </tr>
            </thead>
            <tbody>
              {inputs.map(([name, schema]) => (
                <tr key={name}>
                  <th scope="row">
                    {schema.title ?? name} <span className="mono t3">{name}</span>
                  </th>
                  <td className="t2" data-l={w.meaning}>
                    {schema.description ?? '–'}
                  </td>
                  <td className="num" data-l={w.usual}>
                    {schema.default !== undefined ? shown(schema.default, schema.unit) : required.has(name) ? w.required : '–'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

export function Steps({ template }: { template: Template }) {
  const w = useWords(words);
  const asks = (resources: Record<string, unknown>) =>
    Object.entries(resources)
      .filter(([, value]) => value !== null && value !== undefined && value !== 0)
      .map(([name, value]) => (name === 'cores' ? w.cores(Number(value)) : name === 'gpus' ? w.gpus(Number(value)) : String(value)))
      .join(' · ');
  return (
    <div className="scroll">
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.step}</th>
            <th scope="col">{w.needs}</th>
            <th scope="col">{w.asks}</th>
            <th scope="col">{w.tries}</th>
          </tr>
        </thead>
        <tbody>
          {template.steps.map((step) => (
            <tr key={step.name}>
              <th scope="row">
                {step.title || step.name} <span className="mono t3">{step.name}</span>
                <span className="t3 meta">{step.jobs_bound > 1 ? w.onceEach(step.jobs_bound) : w.oneJob}</span>
              </th>
              <td data-l={w.needs} className="t2">
                {step.needs.join(', ') || w.start}
              </td>
              <td data-l={w.asks}>{asks(step.resources) || '–'}</td>
              <td data-l={w.tries} className="t2">
                {(['infrastructure', 'program'] as const)
                  .filter((kind) => (step.retries[kind] ?? 0) > 0)
                  .map((kind) => `${w.times(step.retries[kind] ?? 0)} ${w[kind]}`)
                  .join(', ') || w.never}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Versions({ template }: { template: Template }) {
  const w = useWords(words);
  return (
    <div className="scroll">
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.tabs.versions}</th>
            <th scope="col">{w.commit}</th>
            <th scope="col" className="num">
              {w.published}
            </th>
          </tr>
        </thead>
        <tbody>
          {template.versions.map((one) => (
            <tr key={one.version}>
              <th scope="row">
                {w.version(one.version)} {one.version === template.version && <span className="t3">{w.latest}</span>}
              </th>
              <td data-l={w.commit} className="mono t2">
                {one.commit.slice(0, 12)}
              </td>
              <td data-l={w.published} className="num">
                <Moment at={one.published_at} /> <span className="t3">{w.by(one.publisher ?? w.platform)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Files({ template }: { template: Template }) {
  const w = useWords(words);
  const f = useFormats();
  if (template.files.length === 0) return <Empty title={w.noFiles}>{w.noFilesText}</Empty>;
  return (
    <div className="scroll">
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.file}</th>
            <th scope="col" className="num">
              {w.size}
            </th>
            <th scope="col">{w.checksum}</th>
          </tr>
        </thead>
        <tbody>
          {template.files.map((one) => (
            <tr key={one.path}>
              <th scope="row" className="mono">
                {one.path}
              </th>
              <td className="num" data-l={w.size}>
                {f.bytes(one.size)}
              </td>
              <td className="mono t3 cut" data-l={w.checksum}>
                {one.sha256.slice(0, 16)}…
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
