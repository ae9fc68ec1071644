/**
 * Reads a live server with `openapi-fetch` and the types that `openapi-typescript` made of its description.
 *
 * In: the address of the server. Out: the same as `reading.ts` prints.
 */
import createClient from 'openapi-fetch';
import type { paths } from './api';

declare const process: { argv: [string, string, string] };
const client = createClient<paths>({ baseUrl: process.argv[2] });
const keyed = createClient<paths>({ baseUrl: process.argv[2], headers: { 'X-Api-Key': 'not-a-key' } });
const fibromyalgia = { slug: 'fibromyalgia' };

type Told = { status: number; told: unknown };
const told = (response: Response, value: unknown = null): Told => ({ status: response.status, told: value ?? null });

async function list(): Promise<Told> {
    const { data, response } = await client.GET('/api/v1/concepts/', {
        params: { query: { topic: ['knowledge_gap', 'impact'], page_size: 1 } },
    });
    return told(response, data?.results.map((concept) => [concept.slug, concept.topic]));
}

async function detail(): Promise<[Told, string]> {
    const { data, response } = await client.GET('/api/v1/conditions/{slug}/', { params: { path: fibromyalgia } });
    const members = data && [data.kind, data.name, data.statements[0]?.assertion];
    return [told(response, members), response.headers.get('ETag') ?? ''];
}

async function unchanged(tag: string): Promise<Told> {
    const { response } = await client.GET('/api/v1/conditions/{slug}/', {
        params: { path: fibromyalgia },
        headers: { 'If-None-Match': tag },
    });
    return told(response);
}

async function chosenFields(): Promise<Told> {
    const { data, response } = await client.GET('/api/v1/conditions/{slug}/selected/', {
        params: { path: fibromyalgia, query: { fields: ['codings', 'names'], audience: 'plain' } },
    });
    return told(response, data && [data.statements !== undefined, data.codings?.[0]?.match, data.meta.version]);
}

async function find(): Promise<Told> {
    const { data, response } = await client.GET('/api/v1/search/', {
        params: { query: { q: 'hand ice cold', kind: ['example'] } },
    });
    return told(response, data?.results.map((hit) => [hit.item.kind, hit.item.slug, hit.match.tier]));
}

async function changes(): Promise<Told> {
    const { data, response } = await client.GET('/api/v1/changes/', {
        params: { query: { kind: ['condition'], page_size: 1 } },
    });
    return told(response, data && [data.is_more, data.results.map((change) => [change.change, change.slug])]);
}

async function check(): Promise<Told> {
    const body = { items: [{ id: '00000000-0000-4000-8000-000000000000', version: 1 }] };
    const { data, response } = await client.POST('/api/v1/check/', { body });
    return told(response, data?.results.map((copy) => copy.status));
}

async function notThere(): Promise<Told> {
    const { error, response } = await client.GET('/api/v1/conditions/{slug}/', {
        params: { path: { slug: 'fibromialgia' } },
    });
    return told(response, error && [error.status, error.title]);
}

async function notUsable(): Promise<Told> {
    const { error, response } = await client.GET('/api/v1/concepts/', { params: { query: { page_size: 0 } } });
    return told(response, error?.errors?.map((each) => each.parameter));
}

async function tooMany(): Promise<Told> {
    const { error, response } = await client.GET('/sandbox/too-many-requests/', {});
    return told(response, error?.title);
}

async function wrongKey(): Promise<Told> {
    const { error, response } = await keyed.GET('/api/v1/conditions/{slug}/', { params: { path: fibromyalgia } });
    return told(response, error?.title);
}

async function main(): Promise<void> {
    const [whole, tag] = await detail();
    console.log(
        JSON.stringify({
            list: await list(),
            detail: whole,
            'chosen fields': await chosenFields(),
            unchanged: await unchanged(tag),
            search: await find(),
            changes: await changes(),
            check: await check(),
            'not there': await notThere(),
            'not usable': await notUsable(),
            'too many': await tooMany(),
            'wrong key': await wrongKey(),
        }),
    );
}

void main();
