/**
 * Reads a live server with the client that was generated from its description.
 *
 * In: the address of the server. Out: JSON, the status of each call and what the client made of the answer.
 * `reading.py` makes the same calls in Python; both have to tell the same.
 */
import { createClient } from './api/client';
import * as api from './api';

declare const process: { argv: [string, string, string] };
const client = createClient({ baseUrl: process.argv[2] });
const keyed = createClient({ baseUrl: process.argv[2], auth: 'not-a-key' });
const fibromyalgia = { slug: 'fibromyalgia' };

type Answer<Good, Bad> = { data?: Good; error?: Bad; response?: Response };
type Told = { status: number | undefined; told: unknown };

async function call<Good, Bad>(
    sent: Promise<Answer<Good, Bad>>,
    good: (data: Good) => unknown,
    bad: (error: Bad) => unknown = () => null,
): Promise<Told> {
    const { data, error, response } = await sent;
    if (response?.ok && data !== undefined) return { status: response.status, told: good(data) };
    return { status: response?.status, told: error === undefined ? null : bad(error) };
}

async function entityTag(): Promise<string> {
    const { response } = await api.getCondition({ client, path: fibromyalgia });
    return response?.headers.get('ETag') ?? '';
}

async function main(): Promise<void> {
    const tag = await entityTag();
    const calls: Record<string, Promise<Told>> = {
        list: call(
            api.listConcepts({ client, query: { topic: ['knowledge_gap', 'impact'], page_size: 1 } }),
            (page) => page.results.map((concept) => [concept.slug, concept.topic]),
        ),
        detail: call(
            api.getCondition({ client, path: fibromyalgia }),
            (condition) => [condition.kind, condition.name, condition.statements[0]?.assertion],
        ),
        'chosen fields': call(
            api.getSelectedCondition({
                client,
                path: fibromyalgia,
                query: { fields: ['codings', 'names'], audience: 'plain' },
            }),
            (chosen) => [chosen.statements !== undefined, chosen.codings?.[0]?.match, chosen.meta.version],
        ),
        unchanged: call(
            api.getCondition({ client, path: fibromyalgia, headers: { 'If-None-Match': tag } }),
            () => 'sent again',
        ),
        search: call(
            api.search({ client, query: { q: 'hand ice cold', kind: ['example'] } }),
            (page) => page.results.map((hit) => [hit.item.kind, hit.item.slug, hit.match.tier]),
        ),
        changes: call(
            api.listChanges({ client, query: { kind: ['condition'], page_size: 1 } }),
            (page) => [page.is_more, page.results.map((change) => [change.change, change.slug])],
        ),
        check: call(
            api.checkCopies({ client, body: { items: [{ id: '00000000-0000-4000-8000-000000000000', version: 1 }] } }),
            (checked) => checked.results.map((copy) => copy.status),
        ),
        'not there': call(
            api.getCondition({ client, path: { slug: 'fibromialgia' } }),
            () => 'found',
            (problem) => ('errors' in problem ? problem.status : [problem.status, problem.title]),
        ),
        'not usable': call(
            api.listConcepts({ client, query: { page_size: 0 } }),
            () => 'found',
            (problem) => problem.errors?.map((error) => error.parameter),
        ),
        'too many': call(
            api.getSandboxTooManyRequests({ client }),
            () => 'found',
            (problem) => problem.title,
        ),
        'wrong key': call(
            api.getCondition({ client: keyed, path: fibromyalgia }),
            () => 'found',
            (problem) => ('title' in problem ? problem.title : null),
        ),
    };
    const told: Record<string, Told> = {};
    for (const [name, sent] of Object.entries(calls)) told[name] = await sent;
    console.log(JSON.stringify(told));
}

void main();
