import './tokens.css';
import './look.css';
import './shell.css';
import { language } from '@/i18n';

document.documentElement.lang = language();
const root = document.getElementById('root');

// Who is not signed in gets the sign-in page alone, which is small; the address stays, to go on to.
if (root) {
  if (document.documentElement.dataset.session === 'yes') void import('./start').then(({ start }) => start(root));
  else void import('./entrance').then(({ entrance }) => entrance(root));
}
