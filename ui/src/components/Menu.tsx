import MuiMenu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState, type ReactNode } from 'react';

export type Choice = { label: ReactNode; act: () => void; danger?: boolean; key: string };

/** A button that opens a list of choices. */
export function Menu({ className = 'btn', label, children, choices, head, opened }: { className?: string; label?: string; children: ReactNode; choices: Choice[]; head?: ReactNode; opened?: () => void }) {
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button ref={setAnchor} type="button" className={className} aria-haspopup="menu" aria-expanded={open} aria-label={label} onClick={() => {
          setOpen(true);
          opened?.();
        }}
      >
        {children}
      </button>
      <MuiMenu anchorEl={anchor} open={open} onClose={() => setOpen(false)} anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }} transformOrigin={{ vertical: 'top', horizontal: 'right' }}>
        {head && (
          <li className="menu-head" role="presentation">
            {head}
          </li>
        )}
        {choices.map((choice) => (
          <MenuItem
            key={choice.key}
            onClick={() => {
              setOpen(false);
              choice.act();
            }}
            className={choice.danger ? 'bad' : undefined}
          >
            {choice.label}
          </MenuItem>
        ))}
      </MuiMenu>
    </>
  );
}
