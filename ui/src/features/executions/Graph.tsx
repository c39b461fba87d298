/** The steps as boxes from left to right; a step with many jobs is one box with its counts, so that any run fits. */
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Glyph } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { columns } from './figures';
import type { Step } from './queries';
import { StepStatus, stepLook } from './states';
import { useStepReason } from './saidWords';
import { words } from './words';

export type Shape = { name: string; needs: string[] };

const NARROW = 128;
const WIDEST = 184;
const LETTER = 6.6; // px of a letter, on average

const HIGH = 44;
const GAP_X = 36;
const GAP_Y = 12;
const MOST = 300; // boxes that are drawn unasked, and rows of the list
const MOST_GROUPS = 40;
const MOST_ARROWS = 50; // to one box, of very many
const REACH = 1200; // px around what is in sight that are drawn
const STRIDE = 300; // px of scrolling after which it is drawn anew

type Box = { step: Step; needs: string[]; x: number; y: number };

/** Boxes of one width, which their longest name asks for. */
function widthFor(names: string[]): number {
  return Math.min(WIDEST, Math.max(NARROW, ...names.map((name) => Math.ceil(40 + name.length * LETTER))));
}

function layOut(steps: Step[], shapes: Shape[]): { boxes: Box[]; wide: number; width: number; height: number } {
  const wide = widthFor(steps.map((step) => step.title || step.name));
  const needs = new Map(shapes.map((shape) => [shape.name, shape.needs]));
  const found = columns(steps.map((step) => ({ name: step.name, needs: needs.get(step.name) ?? [] })));
  const tallest = Math.max(1, ...found.map((names) => names.length));
  const height = tallest * (HIGH + GAP_Y) - GAP_Y;
  const at = new Map<string, { x: number; y: number }>();
  found.forEach((names, column) => {
    const top = (height - (names.length * (HIGH + GAP_Y) - GAP_Y)) / 2;
    names.forEach((name, row) => at.set(name, { x: column * (wide + GAP_X), y: top + row * (HIGH + GAP_Y) }));
  });
  const boxes = steps.map((step) => ({ step, needs: needs.get(step.name) ?? [], ...(at.get(step.name) ?? { x: 0, y: 0 }) }));
  return { boxes, wide, width: found.length * (wide + GAP_X) - GAP_X, height };
}

export function Graph({ steps, shapes, asList, failedOnly }: { steps: Step[]; shapes: Shape[]; asList: boolean; failedOnly: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  const [whole, setWhole] = useState(false);
  if (asList) return <StepList steps={steps} shapes={shapes} />;
  const shown = failedOnly ? steps.filter((step) => step.state === 'FAILED') : steps;
  const many = shown.length > MOST;
  return (
    <>
      {many && (
        <div className="dag-tools row wrap">
          <button type="button" className="filter" aria-pressed={whole} onClick={() => setWhole(!whole)}>
            {w.drawAll(f.number(shown.length))}
          </button>
        </div>
      )}
      {many && !whole ? <Grouped steps={shown} shapes={shapes} /> : <Drawing steps={shown} shapes={shapes} />}
    </>
  );
}

/** Every step as a box; of very many only those in sight are in the document. */
function Drawing({ steps, shapes }: { steps: Step[]; shapes: Shape[] }) {
  const w = useWords(words);
  const { boxes, wide, width, height } = useMemo(() => layOut(steps, shapes), [steps, shapes]);
  const place = useMemo(() => new Map(boxes.map((box) => [box.step.name, box])), [boxes]);
  const inColumn = useMemo(() => {
    const found = new Map<number, number>();
    for (const box of boxes) found.set(box.x, (found.get(box.x) ?? 0) + 1);
    return found;
  }, [boxes]);
  /** Right angles share their way; between two columns of several steps each, curves tell which needs which. */
  const alone = (x: number) => inColumn.get(x) === 1;
  const many = boxes.length > MOST;
  const [sight, setSight] = useState({ x: 0, y: 0 });
  const near = (x: number, y: number) => !many || (Math.abs(x - sight.x - REACH / 2) < REACH && Math.abs(y - sight.y - REACH / 2) < REACH);
  const drawn = boxes.filter((box) => near(box.x, box.y));
  const look = (target: HTMLElement) => {
    const [x, y] = [Math.round(target.scrollLeft / STRIDE) * STRIDE, Math.round(target.scrollTop / STRIDE) * STRIDE];
    if (many && (x !== sight.x || y !== sight.y)) setSight({ x, y });
  };
  return (
    <div className={many ? 'dag-scroll many' : 'dag-scroll'} tabIndex={0} role="group" aria-label={w.graph} onScroll={(event) => look(event.currentTarget)}>
      <svg className="dag" width={width + 4} height={height + 4} viewBox={`-2 -2 ${width + 4} ${height + 4}`} role="img" aria-label={many ? summary(steps, w.stepStates) : steps.map((step) => `${step.title || step.name}: ${w.stepStates[step.state as 'WAITING'] ?? step.state}`).join(', ')}>
        {drawn.flatMap((box) =>
          box.needs.slice(0, MOST_ARROWS).map((need) => {
            const before = place.get(need);
            if (!before) return null;
            const [x1, y1, x2, y2] = [before.x + wide, before.y + HIGH / 2, box.x, box.y + HIGH / 2];
            const middle = x2 - GAP_X / 2;
            const plain = before.x === box.x || alone(before.x) || alone(box.x) || y1 === y2;
            const line = plain ? `H${middle}V${y2}H${x2}` : `C${x1 + GAP_X} ${y1} ${x2 - GAP_X} ${y2} ${x2} ${y2}`;
            return <path key={`${need}-${box.step.name}`} d={`M${x1} ${y1}${line}`} />;
          }),
        )}
        {drawn.map(({ step, x, y }) => (
          <BoxOf key={step.name} wide={wide} x={x} y={y} state={step.state} name={step.title || step.name} text={step.jobs ? w.jobsDone(String(step.jobs_ended), step.jobs, String(step.jobs)) : w.stepStates[step.state as 'WAITING']} />
        ))}
      </svg>
    </div>
  );
}

function BoxOf({ wide = NARROW, x, y, state, name, text }: { wide?: number; x: number; y: number; state: string; name: string; text: string }) {
  const look = stepLook(state);
  return (
    <g className={`nd ${look.tone}`} transform={`translate(${x} ${y})`}>
      <rect width={wide} height={HIGH} rx="5" />
      <g transform="translate(10 15)">
        <Glyph name={look.glyph} />
      </g>
      <text x="32" y="19">
        {clipped(name, Math.floor((wide - 40) / LETTER) + 1)}
      </text>
      <text x="32" y="34" className="s">
        {text}
      </text>
    </g>
  );
}

/** What can run side by side as one box: of a very large run the graph shows its course, not its steps. */
function Grouped({ steps, shapes }: { steps: Step[]; shapes: Shape[] }) {
  const w = useWords(words);
  const f = useFormats();
  const groups = useMemo(() => grouped(steps, shapes), [steps, shapes]);
  const width = groups.length * (NARROW + GAP_X) - GAP_X;
  return (
    <div className="dag-scroll" tabIndex={0} role="group" aria-label={w.graph}>
      <svg className="dag" width={width + 4} height={HIGH + 4} viewBox={`-2 -2 ${width + 4} ${HIGH + 4}`} role="img" aria-label={summary(steps, w.stepStates)}>
        {groups.map((_, at) => at > 0 && <path key={at} d={`M${at * (NARROW + GAP_X) - GAP_X} ${HIGH / 2}H${at * (NARROW + GAP_X)}`} />)}
        {groups.map((group, at) => (
          <BoxOf key={at} x={at * (NARROW + GAP_X)} y={0} state={worst(group)} name={w.groupOf(f.number(group.length))} text={`${w.stepsDone(group.filter(({ state }) => OVER.has(state)).length, group.length)} ${w.done}`} />
        ))}
      </svg>
    </div>
  );
}

function grouped(steps: Step[], shapes: Shape[]): Step[][] {
  const needs = new Map(shapes.map((shape) => [shape.name, shape.needs]));
  const byName = new Map(steps.map((step) => [step.name, step]));
  const found = columns(steps.map((step) => ({ name: step.name, needs: needs.get(step.name) ?? [] })));
  const each = Math.ceil(found.length / MOST_GROUPS);
  return Array.from({ length: Math.ceil(found.length / each) }, (_, at) => found.slice(at * each, (at + 1) * each).flatMap((names) => names.flatMap((name) => byName.get(name) ?? [])));
}

const OVER = new Set(['FINISHED', 'FAILED', 'CANCELED', 'SKIPPED']);

/** What a group is said to be: that of its steps that needs somebody most. */
function worst(group: Step[]): string {
  return ['FAILED', 'RUNNING', 'WAITING', 'CANCELED'].find((state) => group.some((step) => step.state === state)) ?? 'FINISHED';
}

function summary(steps: Step[], names: Record<string, string>): string {
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(step.state, (counts.get(step.state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${names[state] ?? state}: ${count}`).join(', ');
}

function clipped(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

function StepList({ steps, shapes }: { steps: Step[]; shapes: Shape[] }) {
  const w = useWords(words);
  const stepReason = useStepReason();
  const f = useFormats();
  const [most, setMost] = useState(MOST);
  const needs = new Map(shapes.map((shape) => [shape.name, shape.needs]));
  return (
    <div className="scroll">
      <table className="table stackable">
        <thead>
          <tr>
            <th scope="col">{w.state}</th>
            <th scope="col">{w.step}</th>
            <th scope="col" className="num">
              {w.jobs}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, most).map((step) => (
            <tr key={step.name}>
              <td data-l={w.state}>
                <StepStatus state={step.state} />
              </td>
              <th scope="row">
                <Link from="/o/$org/executions/$execution/{-$tab}" to="/o/$org/executions/$execution/{-$tab}" params={(old) => ({ ...old, tab: 'logs' as const })} search={{ step: step.name }} className="name">
                  {step.title || step.name}
                </Link>
                {(needs.get(step.name)?.length ?? 0) > 0 && <span className="t3 meta">{w.needs(needs.get(step.name)?.slice(0, MOST_ARROWS).join(', ') ?? '')}</span>}
                {step.reason && <span className="t2 meta">{stepReason(step)}</span>}
              </th>
              <td className="num" data-l={w.jobs}>
                {step.jobs ? w.stepsDone(step.jobs_ended, step.jobs) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {steps.length > most && (
        <button type="button" className="btn small quiet" onClick={() => setMost(most + MOST)}>
          {w.moreSteps(f.number(Math.min(MOST, steps.length - most)), f.number(steps.length - most))}
        </button>
      )}
    </div>
  );
}
