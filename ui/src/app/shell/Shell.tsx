import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { CircleQuestionMark, LogOut, Menu as MenuIcon, Search, SunMoon } from 'lucide-react';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore, type CSSProperties } from 'react';
import { api, told } from '@/api/client';
import { leaveHere } from '@/api/push';
import { narrowedTo, useProject } from '@/api/project';
import { runningQuery } from '@/api/running';
import { fullName, initials, may, useMe } from '@/api/session';
import { Done } from '@/components/Done';
import { Icon } from '@/components/Icon';
import { Mark } from '@/components/Mark';
import { Menu, type Choice } from '@/components/Menu';
import { Glyph } from '@/components/Status';
import { LANGUAGES, setLanguage, useLanguage, useWords, type Language } from '@/i18n';
import { connection, onConnection } from '../live';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '../themeChoice';
import { words } from '../words';
import { Bell } from './Bell';
import { Guarded } from './Forbidden';
import { addressOf, placesOf, type Place } from './navigation';
import { Services } from './Services';
import { Where } from './Where';

const Palette = lazy(() => import('./Palette'));
const HINTS = ['#7a4a12,#d9a662', '#39528f,#9db6f0', '#1c6b35,#7fcb90', '#433477,#8a6ada', '#b14297,#e6b8da', '#165f67,#45adb6'];

/** A colour of its own for each organization, by its name: only its tile and the line on top wear it. */
function tint(organization: string): CSSProperties {
  const sum = [...organization].reduce((all, letter) => (all * 31 + letter.charCodeAt(0)) % 9973, 7);
  return { '--org': `light-dark(${HINTS[sum % HINTS.length]})` } as CSSProperties;
}

function useHere(): (place: Place) => boolean {
  const { pathname } = useLocation();
  const below = pathname.split('/').slice(3).filter(Boolean);
  const first = below[0] === 'submit' || below[0] === 'run' ? 'workflows' : (below[0] ?? '');
  return (place) => place.to === first;
}

export function Shell() {
  const me = useMe();
  const w = useWords(words);
  const [finding, setFinding] = useState(false);
  const places = placesOf(me);
  const running = useQuery(runningQuery);
  useKeys(() => setFinding(true));
  return (
    <div className="app" style={tint(me.organization)}>
      <a className="skip" href="#main">
        {w.skip}
      </a>
      <Nav places={places} running={running.data?.total ?? 0} />
      <header className="head">
        <Where />
        <button type="button" className="find" aria-keyshortcuts="Control+K Meta+K" aria-label={`${w.search} Ctrl K`} onClick={() => setFinding(true)}>
          <Icon of={Search} />
          <span className="fold">{w.search}</span>
          <kbd>Ctrl K</kbd>
        </button>
        {(running.data?.total ?? 0) > 0 && (
          <Link className="live" to="/o/$org/executions" params={{ org: me.organization }} search={{ status: 'running' }}>
            <Glyph name="run" />
            {running.data?.total} <span className="fold">{w.runningShort(running.data?.total ?? 0)}</span>
          </Link>
        )}
        {may(me, 'execution.read') && <Bell />}
        <ThemeMenu />
        <a className="icon not-s" href="/docs/index.html" hrefLang="en" aria-label={w.documentation} title={w.documentation}>
          <Icon of={CircleQuestionMark} />
        </a>
        <Account />
      </header>
      <main className="main" id="main">
        <Guarded />
      </main>
      <Bar places={places} />
      <Offline />
      <Done />
      {finding && (
        <Suspense>
          <Palette onClose={() => setFinding(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Nav({ places, running }: { places: Place[]; running: number }) {
  const me = useMe();
  const narrowed = narrowedTo(me, useProject(me));
  const w = useWords(words);
  const here = useHere();
  const items = (group: Place['group']) =>
    places
      .filter((place) => place.group === group)
      .map((place) => (
        <Link key={place.to} className="item" to={addressOf(me.organization, place.to)} search={(place.to === 'executions' ? narrowed : {}) as never} activeOptions={{ exact: true, includeSearch: false }} aria-current={here(place) ? 'page' : undefined} title={w[place.word]}>
          <Icon of={place.icon} />
          <span>{w[place.word]}</span>
          {place.to === 'executions' && running > 0 && <span className="count">{running}</span>}
        </Link>
      ));
  return (
    <nav className="nav" aria-label={w.main}>
      <Link className="brand" to="/o/$org" activeOptions={{ exact: true, includeSearch: false }} activeProps={{ 'aria-current': undefined }} params={{ org: me.organization }} aria-label={w.homeLabel}>
        <Mark />
        <span>HEROES</span>
      </Link>
      {items('main')}
      {places.some((place) => place.group === 'manage') && <p className="group">{w.manage}</p>}
      {items('manage')}
      <p className="foot">
        <Services />
        {w.version(document.documentElement.dataset.version ?? '')}
      </p>
    </nav>
  );
}

/** Below 768 px: five at the bottom, the last opens the rest. */
function Bar({ places }: { places: Place[] }) {
  const me = useMe();
  const narrowed = narrowedTo(me, useProject(me));
  const w = useWords(words);
  const here = useHere();
  const first = places.slice(0, 4);
  return (
    <nav className="tabbar" aria-label={w.mainShort}>
      {first.map((place) => (
        <Link key={place.to} to={addressOf(me.organization, place.to)} search={(place.to === 'executions' ? narrowed : {}) as never} activeOptions={{ exact: true, includeSearch: false }} aria-current={here(place) ? 'page' : undefined}>
          <Icon of={place.icon} />
          {w[place.word]}
        </Link>
      ))}
      <Link to="/o/$org/more" params={{ org: me.organization }} aria-current={first.some(here) ? undefined : 'page'}>
        <Icon of={MenuIcon} />
        {w.more}
      </Link>
    </nav>
  );
}

function ThemeMenu() {
  const w = useWords(words);
  const chosen = useThemeChoice();
  const choices: Choice[] = (['system', 'light', 'dark'] as ThemeChoice[]).map((one) => ({
    key: one,
    label: <span className={one === chosen ? 'strong' : undefined}>{w.themes[one]}</span>,
    act: () => chooseTheme(one),
  }));
  return (
    <Menu className="icon not-s" label={w.theme} choices={choices}>
      <Icon of={SunMoon} />
    </Menu>
  );
}

function Account() {
  const me = useMe();
  const w = useWords(words);
  const now = useLanguage();
  const navigate = useNavigate();
  const leave = async () => {
    await leaveHere().catch(() => undefined);
    await told(api.POST('/api/v1/organization/auth/logout', {})).catch(() => undefined);
    location.assign('/sign-in');
  };
  const others = (Object.keys(LANGUAGES) as Language[]).filter((one) => one !== now);
  const choices: Choice[] = [
    ...others.map((one) => ({ key: one, label: <span lang={one}>{LANGUAGES[one]}</span>, act: () => setLanguage(one) })),
    { key: 'more', label: w.more, act: () => void navigate({ to: '/o/$org/more', params: { org: me.organization } }) },
    { key: 'leave', label: (<><Icon of={LogOut} />{w.signOut}</>), act: () => void leave() },
  ];
  const head = (
    <>
      <b>{fullName(me)}</b>
      <span className="xs t3 meta">{me.email}</span>
    </>
  );
  return (
    <Menu className="avatar" label={`${initials(me)}: ${w.account(fullName(me))}`} choices={choices} head={head}>
      {initials(me)}
    </Menu>
  );
}

function Offline() {
  const w = useWords(words);
  const state = useSyncExternalStore(onConnection, connection);
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(state === 'lost'), state === 'lost' ? 2500 : 0);
    return () => clearTimeout(timer);
  }, [state]);
  if (!long) return null;
  return (
    <div className="banner" role="status">
      {w.liveLost}
    </div>
  );
}

/** Ctrl K finds; single letters are left to whoever types. */
function useKeys(find: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        find();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}
