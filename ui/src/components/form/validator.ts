/** JSON Schema 2020-12 checked by an interpreter: nothing is compiled, so the content security policy stays strict. */
import { Validator } from '@cfworker/json-schema';
import { createErrorHandler, toErrorList, toErrorSchema, unwrapErrorHandler, validationDataMerge, type CustomValidator, type ErrorTransformer, type FormContextType, type RJSFSchema, type RJSFValidationError, type StrictRJSFSchema, type UiSchema, type ValidationData, type ValidatorType } from '@rjsf/utils';

const NOISE = new Set(['properties', 'items', 'prefixItems', '$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else']);

/** `#/angles/3` as the path of names that the form knows. */
function property(pointer: string): string {
  const parts = pointer.replace(/^#/, '').split('/').slice(1);
  return parts.map((part) => `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`).join('');
}

function check(schema: object, data: unknown): RJSFValidationError[] {
  const { errors } = new Validator(schema, '2020-12', false).validate(data);
  return errors
    .filter((error) => !NOISE.has(error.keyword))
    .map((error) => {
      const missing = error.keyword === 'required' ? /property "([^"]+)"/.exec(error.error)?.[1] : undefined;
      const at = property(error.instanceLocation) + (missing ? `.${missing}` : '');
      const message = missing ? 'is required' : error.error.replace(/^Instance /, '');
      return { name: error.keyword, message, property: at, stack: `${at} ${message}`.trim(), schemaPath: error.keywordLocation };
    });
}

class Interpreting<T = unknown, S extends StrictRJSFSchema = RJSFSchema, F extends FormContextType = FormContextType> implements ValidatorType<T, S, F> {
  validateFormData(formData: T | undefined, schema: S, customValidate?: CustomValidator<T, S, F>, transformErrors?: ErrorTransformer<T, S, F>, uiSchema?: UiSchema<T, S, F>): ValidationData<T> {
    let errors = check(schema, formData ?? {});
    if (transformErrors) errors = transformErrors(errors, uiSchema);
    const found: ValidationData<T> = { errors, errorSchema: toErrorSchema<T>(errors) };
    if (!customValidate) return found;
    const handler = customValidate(formData, createErrorHandler<T>(formData as T), uiSchema, found.errorSchema);
    return validationDataMerge(found, unwrapErrorHandler<T>(handler));
  }

  toErrorList = toErrorList;

  isValid(schema: S, formData: T | undefined): boolean {
    return check(schema, formData).length === 0;
  }

  rawValidation<Result>(schema: S, formData?: T): { errors?: Result[]; validationError?: Error } {
    return { errors: check(schema, formData) as Result[] };
  }
}

export const validator: ValidatorType = new Interpreting();
export default validator;
