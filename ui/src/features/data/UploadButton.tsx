import { Upload } from 'lucide-react';
import { useRef } from 'react';
import { Icon } from '@/components/Icon';
import { Menu } from '@/components/Menu';
import { useWords } from '@/i18n';
import { words } from './words';

/** Files or a whole folder; what is chosen is named by `choose`. */
export function UploadButton({ choose }: { choose: (files: FileList) => void }) {
  const w = useWords(words);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files && input.files.length > 0) choose(input.files);
    input.value = '';
  };
  return (
    <>
      <Menu
        className="btn primary"
        choices={[
          { key: 'files', label: w.uploadFiles, act: () => files.current?.click() },
          { key: 'folder', label: w.uploadFolder, act: () => folder.current?.click() },
        ]}
      >
        <Icon of={Upload} />
        {w.upload}
      </Menu>
      <input ref={files} type="file" multiple hidden aria-label={w.uploadFiles} data-upload="files" onChange={(event) => take(event.currentTarget)} />
      <input ref={folder} type="file" hidden aria-label={w.uploadFolder} data-upload="folder" {...{ webkitdirectory: '' }} onChange={(event) => take(event.currentTarget)} />
    </>
  );
}
