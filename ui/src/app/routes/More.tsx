import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, told } from '@/api/client';
import { useMe } from '@/api/session';
import { refused } from '@/components/Done';
import { Icon } from '@/components/Icon';
import { LanguageChoice } from '@/components/LanguageChoice';
import { Loaded } from '@/components/Loaded';
import { Failure } from '@/components/Note';
import { Section, Top } from '@/components/Page';
import { useLanguage, useWords, type Language } from '@/i18n';
import { noticesWanted, wantNotices } from '../ends';
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
        <Notices />
        <LanguageChoice chosen={(language) => void speak(client, language)} />
      </div>
    </>
  );
}

const wishQuery = queryOptions({
  queryKey: ['notice-wish'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/organization/notice/wish', { signal })),
});

/** Mails come in the language of the web, once it was chosen here. */
async function speak(client: QueryClient, language: Language): Promise<void> {
  try {
    const { ends } = await client.fetchQuery(wishQuery);
    client.setQueryData(wishQuery.queryKey, await told(api.PUT('/api/v1/organization/notice/wish', { body: { ends, language } })));
  } catch (caught) {
    refused(caught);
  }
}

function ByMail() {
  const w = useWords(words);
  const client = useQueryClient();
  const wish = useQuery(wishQuery);
  const spoken = useLanguage();
  const [error, setError] = useState<unknown>(null);
  const choose = async (ends: boolean) => {
    setError(null);
    try {
      client.setQueryData(wishQuery.queryKey, await told(api.PUT('/api/v1/organization/notice/wish', { body: { ends, language: spoken } })));
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Loaded query={wish} rows={1}>
      {({ ends, address, server }) => (
        <>
          <label className="row gap-top">
            <input type="checkbox" checked={ends} onChange={(event) => void choose(event.target.checked)} />
            {w.byMail(address)}
          </label>
          {ends && !(server && address) && (
            <p className="warn" role="status">
              {server ? w.noAddress : w.noMailServer}
            </p>
          )}
          {error !== null && <Failure error={error} />}
        </>
      )}
    </Loaded>
  );
}

function Notices() {
  const w = useWords(words);
  const [on, setOn] = useState(noticesWanted);
  const [refused, setRefused] = useState(false);
  const choose = async (want: boolean) => {
    const will = await wantNotices(want);
    setOn(will);
    setRefused(want && !will);
  };
  return (
    <Section title={w.notices}>
      <label className="row gap-top">
        <input type="checkbox" checked={on} onChange={(event) => void choose(event.target.checked)} />
        {w.noticesText}
      </label>
      {refused && (
        <p className="warn" role="status">
          {w.noticesRefused}
        </p>
      )}
      <ByMail />
    </Section>
  );
}
