import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BookOpen, Code } from 'lucide-react';
import { useState } from 'react';
import { may, useMe } from '@/api/session';
import { setWish, waysOf, wishQuery, type Way } from '@/api/wish';
import { refused } from '@/components/Done';
import { Browsers } from '@/components/Browsers';
import { Icon } from '@/components/Icon';
import { LanguageChoice } from '@/components/LanguageChoice';
import { Loaded } from '@/components/Loaded';
import { Failure } from '@/components/Note';
import { Section, Top } from '@/components/Page';
import { Ways } from '@/components/Ways';
import { useWords, type Language } from '@/i18n';
import { Services } from '../shell/Services';
import { addressOf, placesOf } from '../shell/navigation';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '../themeChoice';
import { words } from '../words';

export function More() {
  const me = useMe();
  const w = useWords(words);
  const chosen = useThemeChoice();
  const client = useQueryClient();
  return (
    <>
      <Top title={w.more} />
      <div className="stack">
        <nav className="more-list" aria-label={w.more}>
          {placesOf(me).map((place) => (
            <Link key={place.to} to={addressOf(me.organization, place.to)}>
              <Icon of={place.icon} />
              {w[place.word]}
            </Link>
          ))}
          <a href="/docs/index.html" hrefLang="en">
            <Icon of={BookOpen} />
            {w.documentation}
          </a>
          <a href="/api/docs">
            <Icon of={Code} />
            {w.apiDocs}
          </a>
        </nav>
        <Section title={w.theme}>
          <fieldset className="seg">
            <legend className="sr">{w.theme}</legend>
            {(['system', 'light', 'dark'] as ThemeChoice[]).map((one) => (
              <label key={one}>
                <input type="radio" name="theme" checked={one === chosen} onChange={() => chooseTheme(one)} />
                {w.themes[one]}
              </label>
            ))}
          </fieldset>
        </Section>
        {may(me, 'workflow.run') && <Notices />}
        <LanguageChoice chosen={(language) => void speak(client, language)} />
        <p className="t3 xs">
          <Services />
          {w.version(document.documentElement.dataset.version ?? '')}
        </p>
      </div>
    </>
  );
}

/** Mails come in the language of the web, once it was chosen here. */
async function speak(client: QueryClient, language: Language): Promise<void> {
  try {
    const now = await client.fetchQuery(wishQuery);
    client.setQueryData(wishQuery.queryKey, await setWish(waysOf(now), language));
  } catch (caught) {
    refused(caught);
  }
}

function Notices() {
  const w = useWords(words);
  const client = useQueryClient();
  const wish = useQuery(wishQuery);
  const [error, setError] = useState<unknown>(null);
  const choose = async (ways: Way[]) => {
    setError(null);
    try {
      client.setQueryData(wishQuery.queryKey, await setWish(ways));
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Section title={w.notices}>
      <p className="t2">{w.noticesText}</p>
      <Loaded query={wish} rows={2}>
        {(now) => (
          <>
            <Ways legend={w.notices} chosen={waysOf(now)} wish={now} change={choose} />
            {now.browser && <Browsers />}
          </>
        )}
      </Loaded>
      {error !== null && <Failure error={error} />}
    </Section>
  );
}
