import { LANGUAGES, setLanguage, useLanguage, type Language } from '@/i18n';

/** The other language, named in itself. */
export function LanguageChoice({ chosen }: { chosen?: (language: Language) => void }) {
  const now = useLanguage();
  return (
    <span className="languages">
      {(Object.keys(LANGUAGES) as Language[])
        .filter((one) => one !== now)
        .map((one) => (
          <button key={one} type="button" className="link" lang={one} onClick={() => (setLanguage(one), chosen?.(one))}>
            {LANGUAGES[one]}
          </button>
        ))}
    </span>
  );
}
