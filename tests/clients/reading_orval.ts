/**
 * Reads a live server with the functions that orval made of its description. A status says which type the data has.
 *
 * In: the address of the server. Out: the same as `reading.ts` prints.
 */
import * as api from './api';

declare const process: { argv: [string, string, string] };
const direct = globalThis.fetch;
globalThis.fetch = (address, init) => direct(new URL(String(address), process.argv[2]), init);
const key = { headers: { 'X-Api-Key': 'not-a-key' } };

type Told = { status: number; told: unknown };
const told = (status: number, value: unknown = null): Told => ({ status, told: value ?? null });

async function main(): Promise<void> {
    const list = await api.listConcepts({ topic: ['knowledge_gap', 'impact'], page_size: 1 });
    const whole = await api.getCondition('fibromyalgia');
    const tag = { headers: { 'If-None-Match': whole.headers.get('ETag') ?? '' } };
    const unchanged = await api.getCondition('fibromyalgia', undefined, tag);
    const chosen = await api.getSelectedCondition('fibromyalgia', { fields: ['codings'], audience: 'plain' });
    const found = await api.search({ q: 'hand ice cold', kind: ['example'] });
    const changes = await api.listChanges({ kind: ['condition'], page_size: 1 });
    const copy = { id: '00000000-0000-4000-8000-000000000000', version: 1 };
    const checked = await api.checkCopies({ items: [copy] });
    const missing = await api.getCondition('fibromialgia');
    const unusable = await api.listConcepts({ page_size: 0 });
    const tooMany = await api.getSandboxTooManyRequests();
    const keyed = await api.getCondition('fibromyalgia', undefined, key);
    console.log(
        JSON.stringify({
            list: told(list.status, list.status === 200 && list.data.results.map((one) => [one.slug, one.topic])),
            detail: told(
                whole.status,
                whole.status === 200 && [whole.data.kind, whole.data.name, whole.data.statements[0]?.assertion],
            ),
            'chosen fields': told(
                chosen.status,
                chosen.status === 200 && [
                    chosen.data.statements !== undefined,
                    chosen.data.codings?.[0]?.match,
                    chosen.data.meta.version,
                ],
            ),
            unchanged: told(unchanged.status),
            search: told(
                found.status,
                found.status === 200 &&
                    found.data.results.map((hit) => [hit.item.kind, hit.item.slug, hit.match.tier]),
            ),
            changes: told(
                changes.status,
                changes.status === 200 && [
                    changes.data.is_more,
                    changes.data.results.map((change) => [change.change, change.slug]),
                ],
            ),
            check: told(checked.status, checked.status === 200 && checked.data.results.map((one) => one.status)),
            'not there': told(missing.status, missing.status === 404 && [missing.data.status, missing.data.title]),
            'not usable': told(
                unusable.status,
                unusable.status === 400 && unusable.data.errors?.map((error) => error.parameter),
            ),
            'too many': told(tooMany.status, tooMany.status === 429 && tooMany.data.title),
            'wrong key': told(keyed.status, keyed.status === 401 && keyed.data.title),
        }),
    );
}

void main();
