/** The steps as boxes from left to right; a step with many jobs is one box with its counts, so that any run fits. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Glyph } from '@/components/Status';
import { useWords } from '@/i18n';
import { columns } from './figures';
import type { Step } from './queries';
import { StepStatus, stepLook } from './states';
import { words } from './words';

export type Shape = { name: string; needs: string[] };

const WIDE = 128;
const HIGH = 44;
const GAP_X = 36;
const GAP_Y = 12;

type Box = { step: Step; needs: string[]; x: number; y: number };

function layOut(steps: Step[], shapes: Shape[]): { boxes: Box[]; width: number; height: number } {
  const needs = new Map(shapes.map((shape) => [shape.name, shape.needs]));
  const found = columns(steps.map((step) => ({ name: step.name, needs: needs.get(step.name) ?? [] })));
  const tallest = Math.max(1, ...found.map((names) => names.length));
  const height = tallest * (HIGH + GAP_Y) - GAP_Y;
  const at = new Map<string, { x: number; y: number }>();
  found.forEach((names, column) => {
    const top = (height - (names.length * (HIGH + GAP_Y) - GAP_Y)) / 2;
    names.forEach((name, row) => at.set(name, { x: column * (WIDE + GAP_X), y: top + row * (HIGH + GAP_Y) }));
  });
  const boxes = steps.map((step) => ({ step, needs: needs.get(step.name) ?? [], ...(at.get(step.name) ?? { x: 0, y: 0 }) }));
  return { boxes, width: found.length * (WIDE + GAP_X) - GAP_X, height };
}

export function Graph({ steps, shapes, asList }: { steps: Step[]; shapes: Shape[]; asList: boolean }) {
  const w = useWords(words);
  const [failedOnly, setFailedOnly] = useState(false);
  if (asList) return <StepList steps={steps} shapes={shapes} />;
  const shown = failedOnly ? steps.filter((step) => step.state === 'FAILED') : steps;
  const { boxes, width, height } = layOut(shown, shapes);
  const place = new Map(boxes.map((box) => [box.step.name, box]));
  const anyFailed = steps.some((step) => step.state === 'FAILED');
  return (
    <>
      <div className="dag-scroll" tabIndex={0} role="group" aria-label={w.graph}>
        <svg className="dag" width={width + 4} height={height + 4} viewBox={`-2 -2 ${width + 4} ${height + 4}`} role="img" aria-label={shown.map((step) => `${step.title || step.name}: ${step.state.toLowerCase()}`).join(', ')}>
          {boxes.flatMap((box) =>
            box.needs.map((need) => {
              const before = place.get(need);
              if (!before) return null;
              const [x1, y1, x2, y2] = [before.x + WIDE, before.y + HIGH / 2, box.x, box.y + HIGH / 2];
              const middle = x2 - GAP_X / 2;
              return <path key={`${need}-${box.step.name}`} d={`M${x1} ${y1}H${middle}V${y2}H${x2}`} />;
            }),
          )}
          {boxes.map(({ step, x, y }) => {
            const look = stepLook(step.state);
            return (
              <g key={step.name} className={`nd ${look.tone}`} transform={`translate(${x} ${y})`}>
                <rect width={WIDE} height={HIGH} rx="5" />
                <g transform="translate(10 15)">
                  <Glyph name={look.glyph} />
                </g>
                <text x="32" y="19">
                  {clipped(step.title || step.name)}
                </text>
                <text x="32" y="34" className="s">
                  {step.jobs ? w.jobsDone(step.jobs_ended, step.jobs) : w.stepStates[step.state as 'WAITING']}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      {anyFailed && (
        <div className="tl-key">
          <button type="button" className="filter" aria-pressed={failedOnly} onClick={() => setFailedOnly(!failedOnly)}>
            {w.failedOnly}
          </button>
        </div>
      )}
    </>
  );
}

function clipped(name: string): string {
  return name.length > 15 ? `${name.slice(0, 14)}…` : name;
}

function StepList({ steps, shapes }: { steps: Step[]; shapes: Shape[] }) {
  const w = useWords(words);
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
          {steps.map((step) => (
            <tr key={step.name}>
              <td data-l={w.state}>
                <StepStatus state={step.state} />
              </td>
              <th scope="row">
                <Link from="/o/$org/executions/$execution/{-$tab}" to="/o/$org/executions/$execution/{-$tab}" params={(old) => ({ ...old, tab: 'logs' as const })} search={{ step: step.name }} className="name">
                  {step.title || step.name}
                </Link>
                {(needs.get(step.name)?.length ?? 0) > 0 && <span className="t3 meta">{w.needs(needs.get(step.name)?.join(', ') ?? '')}</span>}
                {step.reason && <span className="t2 meta">{step.reason}</span>}
              </th>
              <td className="num" data-l={w.jobs}>
                {step.jobs ? w.stepsDone(step.jobs_ended, step.jobs) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
