/** In the place of a URI library that the form theme would load: schemas here refer only within themselves. */
export function resolve(base: string, relative: string): string {
  try {
    return new URL(relative, base || 'schema://form/').href;
  } catch {
    return relative;
  }
}

export const parse = (uri: string): { scheme?: string } => ({ scheme: /^([a-z][\w+.-]*):/i.exec(uri)?.[1] });

export default { resolve, parse };
