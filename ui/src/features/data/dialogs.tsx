import { useQueries, useQuery } from '@tanstack/react-query';
import { Dialog } from '@/components/Dialog';
import { Question } from '@/components/Dialog';
import { FormDialog } from '@/components/FormDialog';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { placeName } from './Places';
import { folderOf, join, lastOf, makeFolder, move, plain, recover, sizeQuery, throwAway, usesQuery, type Bucket, type Item, type Operation, type Trashed } from './queries';
import { words } from './words';

export type After = (text: string, undo?: () => Promise<unknown>) => void;

export function NewFolder({ bucket, folder, where, after, onClose }: { bucket: string; folder: string; where: string; after: After; onClose: () => void }) {
  const w = useWords(words);
  return (
    <FormDialog
      title={w.newFolderIn(where)}
      fields={[{ name: 'name', label: w.name, required: true, pointer: 'path' }]}
      yes={w.make}
      onClose={onClose}
      act={async ({ name }) => {
        await makeFolder(bucket, join(folder, String(name)));
        after(w.madeFolder(String(name)));
      }}
    />
  );
}

export function RenameDialog({ bucket, item, after, onClose }: { bucket: string; item: Item; after: After; onClose: () => void }) {
  const w = useWords(words);
  const path = plain(item.object_name);
  return (
    <FormDialog
      title={w.renameOf(lastOf(path))}
      fields={[{ name: 'name', label: w.newName, required: true, pointer: 'target' }]}
      start={{ name: lastOf(path) }}
      yes={w.rename}
      onClose={onClose}
      act={async ({ name }) => {
        const target = join(folderOf(path), String(name));
        const operation = await move(`${bucket}:${path}`, `${bucket}:${target}`);
        if (operation.state === 'done') after(w.renamed(String(name)), () => move(`${bucket}:${target}`, `${bucket}:${path}`));
        else after(w.moving);
      }}
    />
  );
}

export function MoveDialog({ bucket, items, buckets, after, onClose }: { bucket: string; items: Item[]; buckets: Bucket[]; after: After; onClose: () => void }) {
  const w = useWords(words);
  const what = items.length === 1 && items[0] ? lastOf(items[0].object_name) : w.several(items.length);
  return (
    <FormDialog
      title={w.moveOf(what)}
      fields={[
        { name: 'bucket', label: w.moveTo, kind: 'select', options: buckets.map((one) => ({ value: one.home ? 'home' : one.name, label: placeName(one, w.home) })) },
        { name: 'folder', label: w.moveFolder, help: w.moveHelp, pointer: 'target' },
      ]}
      start={{ bucket, folder: folderOf(items[0]?.object_name ?? '') }}
      yes={w.move}
      onClose={onClose}
      act={async (values) => {
        const back: [string, string][] = [];
        let last: Operation | undefined;
        for (const item of items) {
          const source = `${bucket}:${plain(item.object_name)}`;
          const target = `${String(values.bucket)}:${join(plain(String(values.folder)), lastOf(item.object_name))}`;
          last = await move(source, target);
          if (last.state === 'done') back.push([target, source]);
        }
        const undo = async () => {
          for (const [from, to] of back) await move(from, to);
        };
        after(last?.state === 'done' ? w.moved(items.length) : w.moving, back.length === items.length ? undo : undefined);
      }}
    />
  );
}

const MOST_ASKED = 100;

export function DeleteDialog({ bucket, items, after, onClose }: { bucket: string; items: Item[]; after: After; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const paths = items.slice(0, MOST_ASKED).map((one) => plain(one.object_name));
  const sizes = useQueries({ queries: paths.map((path) => sizeQuery(bucket, path)) });
  const uses = useQuery(usesQuery(bucket, paths)).data ?? 0;
  const known = sizes.every((one) => one.data);
  const sum = (of: 'files' | 'folders' | 'bytes') => sizes.reduce((all, one) => all + (one.data?.[of] ?? 0), 0);
  const what = items.length === 1 && items[0] ? lastOf(items[0].object_name) : w.several(items.length);
  return (
    <Question
      title={w.deleteOf(what)}
      yes={w.deleteYes}
      danger
      onClose={onClose}
      act={async () => {
        const thrown: Trashed[] = [];
        for (const item of items) thrown.push(await throwAway(bucket, plain(item.object_name)));
        after(w.deleted(items.length), async () => {
          for (const one of thrown) await recover(one.id);
        });
      }}
    >
      <p className="strong">{known ? w.deleteHolds(w.nFiles(sum('files'), f.number(sum('files'))), w.nFolders(sum('folders'), f.number(sum('folders'))), f.bytes(sum('bytes'))) : '…'}</p>
      {uses > 0 && <p>{w.deleteUsed(w.nExecutions(uses, f.number(uses)))}</p>}
      <p>{w.deleteText}</p>
    </Question>
  );
}

export function Conflicts({ taken, choose, onClose }: { taken: string[]; choose: (how: 'skip' | 'replace' | 'keep_both') => void; onClose: () => void }) {
  const w = useWords(words);
  const s = useWords(shared);
  return (
    <Dialog
      title={w.conflict(taken.length)}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="btn quiet" onClick={onClose}>
            {s.cancel}
          </button>
          <button type="button" className="btn" onClick={() => choose('skip')}>
            {w.skip}
          </button>
          <button type="button" className="btn" onClick={() => choose('keep_both')}>
            {w.keepBoth}
          </button>
          <button type="button" className="btn primary" onClick={() => choose('replace')}>
            {w.replace}
          </button>
        </>
      }
    >
      <p className="t2">{w.conflictText}</p>
      <ul className="taken mono">
        {taken.slice(0, 8).map((path) => (
          <li key={path}>{path}</li>
        ))}
        {taken.length > 8 && <li>… +{taken.length - 8}</li>}
      </ul>
    </Dialog>
  );
}
