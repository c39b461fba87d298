import hooks from 'eslint-plugin-react-hooks';
import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const features = readdirSync(new URL('./src/features', import.meta.url));

/** What a file may not import, with the reason. */
const closed = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const aboveFeatures = { group: ['@/app/*', '**/app/*'], message: 'The app imports features, not the other way.' };

export default tseslint.config(
  { ignores: ['src/api/schema.gen.ts'] },
  ...tseslint.configs.recommendedTypeChecked,
  hooks.configs.flat['recommended-latest'] ?? hooks.configs['recommended-latest'],
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', 'tools/*.mjs', 'icons/*.js'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 420, skipComments: true }],
      complexity: ['error', 26],
      '@typescript-eslint/no-base-to-string': 'off', // figures and codes of the API are plain
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/only-throw-error': 'off', // the router's redirects are thrown
      'react-hooks/incompatible-library': 'off', // nothing is compiled here
    },
  },
  { files: ['src/components/**', 'src/api/**', 'src/i18n/**'], rules: closed([aboveFeatures, { group: ['@/features/*'], message: 'What all share knows no feature.' }]) },
  ...features.map((name) => ({
    files: [`src/features/${name}/**`],
    rules: closed([
      aboveFeatures,
      { group: features.filter((other) => other !== name).flatMap((other) => [`@/features/${other}`, `@/features/${other}/*`]), message: 'Features never import each other: combine them in app/routes.' },
    ]),
  })),
  { files: ['tools/**', '*.js', 'icons/**'], ...tseslint.configs.disableTypeChecked },
);
