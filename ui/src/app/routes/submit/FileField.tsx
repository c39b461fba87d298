import type { WidgetProps } from '@rjsf/utils';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, page } from '@/api/client';
import { Dialog } from '@/components/Dialog';
import { Loaded } from '@/components/Loaded';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from '../submitWords';

const MOST = 200;

/** A file by its reference: typed, pasted, or chosen from one's own. */
export function FileField({ id, value, onChange, rawErrors, required }: WidgetProps) {
  const w = useWords(words);
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <div className="ref">
        <input className="input" id={id} value={typeof value === 'string' ? value : ''} required={required} placeholder={w.reference} spellCheck={false} onChange={(event) => onChange(event.target.value || undefined)} aria-invalid={Boolean(rawErrors?.length)} aria-describedby={`${id}__error ${id}__description`} />
        <button type="button" className="btn" onClick={() => setChoosing(true)}>
          {w.browse}
        </button>
      </div>
      {choosing && (
        <Chooser
          onClose={() => setChoosing(false)}
          choose={(reference) => {
            onChange(reference);
            setChoosing(false);
          }}
        />
      )}
    </>
  );
}

function Chooser({ onClose, choose }: { onClose: () => void; choose: (reference: string) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const files = useQuery({
    queryKey: ['objects', 'home', 'all'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/data/bucket/{bucket}/list', { params: { path: { bucket: 'home' }, query: { bucket_recursive: true, limit: MOST } }, signal })),
  });
  return (
    <Dialog title={w.files} onClose={onClose}>
      <Loaded query={files}>
        {({ rows }) => {
          const shown = rows.filter((one) => !one.is_dir);
          if (shown.length === 0) return <p className="t2">{w.noFiles}</p>;
          return (
            <ul className="palette scroll-y">
              {shown.map((one) => (
                <li key={one.object_name}>
                  <button type="button" className="pick-file" onClick={() => choose(`home:${one.object_name}`)}>
                    <span className="cut">{one.object_name}</span>
                    <span className="t3 num">{f.bytes(one.size)}</span>
                  </button>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
