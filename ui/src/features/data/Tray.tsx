/** What is on its way: at the foot of the data pages, and as a page of its own. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, Folder, Upload as UploadIcon } from 'lucide-react';
import { useRef, useState, useSyncExternalStore } from 'react';
import { Icon } from '@/components/Icon';
import { Meter } from '@/components/Meter';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { changed, folderOf, lastOf, operationsQuery, uploadsQuery, type Operation, type Upload } from './queries';
import { clearDone, forget, goOn, onUploads, pause, send, stop, uploads, type Sending } from './uploads';
import { words } from './words';

/** Uploads that wait for their rest and that no tab of this page sends: their browser was closed. */
function useLost(): Upload[] {
  const sending = useSyncExternalStore(onUploads, uploads);
  const known = useQuery(uploadsQuery).data?.rows ?? [];
  const paths = new Set(sending.map((one) => `${one.path} ${one.size}`));
  return known.filter((one) => one.state === 'waiting' && !paths.has(`${one.path.slice(one.path.indexOf(':') + 1)} ${one.size}`));
}

export function useTransfers() {
  const sending = useSyncExternalStore(onUploads, uploads);
  const lost = useLost();
  const moving = useQuery(operationsQuery).data?.rows ?? [];
  return { sending, lost, moving, count: sending.length + lost.length + moving.length };
}

export function Tray() {
  const w = useWords(words);
  const { count } = useTransfers();
  const [open, setOpen] = useState(true);
  if (count === 0) return null;
  return (
    <section className="tray" aria-label={w.transfers}>
      <div className="row">
        <h2>
          {w.transfers} <span className="t3">{count}</span>
        </h2>
        <span className="t3 xs not-s">{w.tray}</span>
        <button type="button" className="icon end" aria-label={w.trayFold} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon of={ChevronDown} />
        </button>
      </div>
      {open && <Lines most={5} />}
    </section>
  );
}

const ORDER = ['sending', 'finishing', 'failed', 'paused', 'queued', 'done'];

export function Lines({ most }: { most: number }) {
  const w = useWords(words);
  const { sending, lost, moving } = useTransfers();
  const ready = sending.filter((one) => one.state === 'done').length;
  const ordered = [...sending].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <>
      <ul className="tray-lines">
        {moving.map((one) => (
          <Moving key={one.id} one={one} />
        ))}
        {lost.map((one) => (
          <Lost key={one.id} one={one} />
        ))}
        {ordered.slice(0, most).map((one) => (
          <Line key={one.key} one={one} />
        ))}
      </ul>
      {sending.length > 1 && (
        <p className="row t3 xs" aria-live="polite">
          {w.summary(ready, sending.length)}
          {ready > 0 && (
            <button type="button" className="link" onClick={clearDone}>
              {w.clear}
            </button>
          )}
        </p>
      )}
    </>
  );
}

function Line({ one }: { one: Sending }) {
  const w = useWords(words);
  const f = useFormats();
  const amount = w.progress(f.bytes(one.sent), f.bytes(one.size));
  const act = one.state === 'sending' ? [w.pause, pause] : one.state === 'paused' ? [w.goOn, goOn] : one.state === 'failed' ? [w.tryAgain, goOn] : null;
  return (
    <li data-state={one.state}>
      <span className="cut">
        <Icon of={UploadIcon} /> {one.name} <span className="t3">{folderOf(one.path) && w.to(folderOf(one.path))}</span>
        {one.error && <span className="bad meta">{one.error}</span>}
      </span>
      <Meter parts={[{ share: one.size > 0 ? one.sent / one.size : 1 }]} label={amount} />
      <span className="num">{one.state === 'done' ? f.bytes(one.size) : amount}</span>
      <span className="num t2">{one.state === 'sending' && one.speed ? w.perSecond(f.bytes(one.speed)) : w.states[one.state]}</span>
      <span className="row-acts">
        {act && (
          <button type="button" className="btn small" aria-label={w.named(act[0] as string, one.name)} onClick={() => (act[1] as (key: number) => void)(one.key)}>
            {act[0] as string}
          </button>
        )}
        {one.state !== 'done' && one.state !== 'finishing' && (
          <button type="button" className="btn small quiet" aria-label={w.named(w.stop, one.name)} onClick={() => stop(one.key)}>
            {w.stop}
          </button>
        )}
      </span>
    </li>
  );
}

function Lost({ one }: { one: Upload }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const [bucket = '', path = ''] = [one.path.slice(0, one.path.indexOf(':')), one.path.slice(one.path.indexOf(':') + 1)];
  const name = lastOf(path);
  const resume = (file: File | undefined) => {
    if (!file) return;
    setWrong(file.size !== one.size);
    if (file.size === one.size) send(bucket, [{ file, path }], 'replace', `/api/v1/organization/data/uploads/${one.id}`);
  };
  return (
    <li data-state="lost">
      <span className="cut">
        <Icon of={UploadIcon} /> {name} <span className="t3">{folderOf(path) && w.to(folderOf(path))}</span>
        <span className={wrong ? 'bad meta' : 't3 meta'}>{wrong ? w.wrongFile(name, f.bytes(one.size)) : w.againText}</span>
      </span>
      <Meter parts={[{ share: one.size > 0 ? one.received / one.size : 0, kind: 'held' }]} label={w.progress(f.bytes(one.received), f.bytes(one.size))} />
      <span className="num">{w.progress(f.bytes(one.received), f.bytes(one.size))}</span>
      <span className="num t2">{w.states.lost}</span>
      <span className="row-acts">
        <button type="button" className="btn small" aria-label={w.named(w.again, name)} onClick={() => input.current?.click()}>
          {w.again}
        </button>
        <input ref={input} type="file" hidden aria-label={w.named(w.again, name)} data-upload="again" onChange={(event) => resume(event.target.files?.[0])} />
        <button type="button" className="btn small quiet" aria-label={w.named(w.stop, name)} onClick={() => void forget(one.id).then(() => changed(client))}>
          {w.stop}
        </button>
      </span>
    </li>
  );
}

function Moving({ one }: { one: Operation }) {
  const w = useWords(words);
  const f = useFormats();
  const all = one.objects_total ?? one.objects_done;
  const amount = w.counted(f.number(one.objects_done), f.number(all));
  return (
    <li data-state={one.state}>
      <span className="cut">
        <Icon of={Folder} /> {(w.operation as Record<string, string>)[one.kind] ?? one.kind} {one.path} {one.kind === 'move' && one.target_path && <span className="t3">{w.to(one.target_path)}</span>}
        {one.error && <span className="bad meta">{one.error}</span>}
      </span>
      <Meter parts={[{ share: all > 0 ? one.objects_done / all : 0 }]} label={amount} />
      <span className="num">{amount}</span>
      <span className="num t2">{(w.opStates as Record<string, string>)[one.state] ?? one.state}</span>
      <span />
    </li>
  );
}
