import { describe, expect, it, vi } from 'vitest';
import { literal, read } from './copied';

vi.stubGlobal('location', { origin: 'https://heroes.example', href: 'https://heroes.example/o/acme/executions?status=failed' });

describe('what a page shows', () => {
  it('is read in a terminal and in a program with the same filters, and with no secret', () => {
    const forms = read('/organization/workflow/executions', ['execution', 'list'], { query: { status: 'FAILED', search: "lea's run", user: undefined } });
    expect(forms.cli).toBe("heroes execution list --status FAILED --search 'lea'\\''s run'");
    expect(forms.curl).toBe('curl \'https://heroes.example/api/v1/organization/workflow/executions?status=FAILED&search=lea%27s+run\' -H "Authorization: Bearer $HEROES_TOKEN"');
    expect(forms.python).toContain('for row in heroes.pages("/organization/workflow/executions", status="FAILED", search="lea\'s run"):\n        print(row)\n');
    expect(forms.python).toContain('Heroes("https://heroes.example", token=os.environ["HEROES_TOKEN"])');
    expect(forms.link).toContain('status=failed');
  });

  it('is written as Python writes values', () => {
    expect(literal({ a: [1, true, null], 'b c': 'x"y' })).toBe('{"a": [1, True, None], "b c": "x\\"y"}');
  });
});
