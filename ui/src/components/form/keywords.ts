/** What a keyword of JSON Schema found, by the codes of the platform. */
type Found = { name?: string; schemaPath?: string };

const CODES: Record<string, readonly [code: string, fact: string]> = {
  required: ['missing', ''],
  minimum: ['too_small', 'least'],
  exclusiveMinimum: ['too_small', 'above'],
  maximum: ['too_large', 'most'],
  exclusiveMaximum: ['too_large', 'below'],
  minLength: ['too_short', 'least'],
  maxLength: ['too_long', 'most'],
  minItems: ['too_few', 'least'],
  maxItems: ['too_many', 'most'],
  enum: ['not_one_of', 'allowed'],
  type: ['wrong_type', 'expected'],
  pattern: ['pattern', 'pattern'],
  format: ['no_format', 'format'],
  multipleOf: ['no_multiple', 'of'],
  uniqueItems: ['not_unique', ''],
};

/** What stands at a pointer such as `#/properties/panels/minimum`; nothing where a reference is on the way. */
function at(schema: unknown, pointer: string): unknown {
  let here: unknown = schema;
  for (const part of pointer.replace(/^#/, '').split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return here;
}

export function codeOf({ name = '', schemaPath = '' }: Found, schema: object): { code?: string; facts?: Record<string, unknown> } {
  const [code, fact] = CODES[name] ?? [];
  if (code === undefined) return {};
  if (!fact) return { code, facts: {} };
  const value = at(schema, schemaPath);
  return value === undefined ? {} : { code, facts: { [fact]: value } };
}
