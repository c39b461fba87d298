// A part of the page that did not arrive, since the network changed or another version came meanwhile, is had by loading
// the page anew as soon as the platform answers; a few times at most, so that what never arrives is told instead.
const MOST = 3;
const WITHIN_MS = 60_000;
const TRIES = 20;
let broken = false; // some part did not arrive, perhaps one that was fetched beforehand and is not needed yet
let pending = false;

function counted() {
  try {
    const before = JSON.parse(sessionStorage.getItem('heroes.again') ?? '[]').filter((at) => at > Date.now() - WITHIN_MS);
    if (before.length >= MOST) return false;
    sessionStorage.setItem('heroes.again', JSON.stringify([...before, Date.now()]));
    return true;
  } catch {
    return false; // no storage: nothing would end it
  }
}

async function again(left) {
  const answer = await fetch('/again.js', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
  else if (left > 0) setTimeout(again, 3000, left - 1);
}

function missed() {
  if (pending || !counted()) return;
  pending = true;
  setTimeout(again, 1000, TRIES);
}

addEventListener('vite:preloadError', () => {
  broken = true;
  setTimeout(() => document.querySelector('#root:empty') && missed(), 1000);
});
addEventListener('heroes.failed', () => broken && missed());
addEventListener('error', ({ target }) => (target instanceof HTMLScriptElement || target?.rel === 'stylesheet') && missed(), true);
