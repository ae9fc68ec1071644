// Grades pages by the rules of the MDN HTTP Observatory, with its own code, without the network.
// In, as JSON on standard input: pages with url, headers, cookies and html. Out: for each page its grade and score, and
// the tests that it does not pass.
import { AxiosHeaders } from "axios";
import { readFileSync } from "node:fs";
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { Session } from "@mdn/mdn-http-observatory/src/retriever/session.js";
import { parseHttpEquivHeaders } from "@mdn/mdn-http-observatory/src/retriever/utils.js";
import { Requests } from "@mdn/mdn-http-observatory/src/types.js";

// What its scanner would have got: the page over HTTPS, to which plain HTTP leads.
function requestsFor({ url, headers, cookies, html }) {
  const address = new URL(url);
  const requests = new Requests(address.host);
  const response = {
    headers: new AxiosHeaders(headers),
    request: { headers: new AxiosHeaders() },
    config: { headers: new AxiosHeaders() },
    status: 200,
    statusText: "OK",
    verified: true,
    data: html,
  };
  requests.responses.auto = { ...response, httpEquiv: parseHttpEquivHeaders(html, url) };
  requests.responses.cors = requests.responses.http = requests.responses.https = response;
  requests.responses.httpRedirects = [
    { url: new URL(url.replace("https:", "http:")), status: 301 },
    { url: address, status: 200 },
  ];
  requests.responses.httpsRedirects = [{ url: address, status: 200 }];
  requests.resources.path = html;
  requests.session = new Session(address);
  cookies.forEach((cookie) => requests.session.jar.setCookieSync(cookie, url));
  return requests;
}

// As `scan` in its scanner/index.js: extra credit counts only for what has few faults.
function graded(page) {
  const results = ALL_TESTS.map((test) => test(requestsFor(page)));
  const modifiers = results.map((one) => (one.result ? getScoreModifier(one.result) : 0));
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 100);
  const uncurved = sum(modifiers.filter((one) => one < 0));
  const score = uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(modifiers) : uncurved;
  const failed = results.filter((one) => one.pass === false).map((one) => one.result);
  return { url: page.url, grade: getGradeForScore(score).grade, score, failed };
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(graded)));
