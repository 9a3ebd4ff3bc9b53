// Everything that is sent goes through here, and only to the service that served this page.

const at = (path) => new URL(path, document.baseURI).href;
let key = null; // for a service that asks for a key; in memory only

export const setKey = (value) => { key = value || null; };

/** A message that can be shown as it is. */
export class Problem extends Error {
  constructor(title, detail = "", status = 0) {
    super(title);
    this.detail = detail;
    this.status = status;
  }
}

const PLAIN = {
  401: ["The service asks for a key", "Whoever runs it for you can tell you the key."],
  403: ["The service answers only its own page", "Open the page at the address that the service shows when it starts."],
  404: ["The service does not know this request", "It may be an older version of scr-tone."],
  408: ["The text took too long to arrive", "Please try again."],
  413: ["This is more than the service takes at once", "Try a smaller file, or one part of the text at a time."],
  415: ["The service does not read this kind of file", "Save it as DOCX or PDF and try again."],
  429: ["The service is busy", "Please wait a moment and try again."],
  421: ["The service does not answer under this address", "Open the page at the address that the service shows when it starts."],
  500: ["Something went wrong inside the service", "The text was not checked. Please try again; if it happens again, tell whoever runs it. Nothing of the text was kept."],
  503: ["The service is busy, or the text took it too long", "Please wait a moment and try again, or check one part of the text at a time."],
  504: ["The check took longer than the service allows", "Try one part of the text at a time."],
};

const sentence = (text) => {
  const tidy = String(text).trim().replace(/\s+/g, " ");
  if (!tidy) return "";
  const first = tidy[0].toUpperCase() + tidy.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
};

async function problemOf(reply) {
  let body = {};
  if ((reply.headers.get("content-type") || "").includes("json")) {
    try { body = await reply.json(); } catch { /* the status says enough */ }
  }
  const detail = typeof body.detail === "string" ? body.detail : "";
  if (reply.status === 401 && key) return new Problem("That key is not right", PLAIN[401][1], 401);
  const known = PLAIN[reply.status];
  if (reply.status === 422) {
    return detail && body.title !== "invalid request"
      ? new Problem("This could not be read", `It ${detail.trim().split("; ").map(sentence).join(" ").replace(/^./, (c) => c.toLowerCase())}`, 422)
      : new Problem("The service did not understand the request", "Reload the page and try again.", 422);
  }
  if (known) {
    const wait = Number(reply.headers.get("retry-after"));
    const when = wait > 0 ? ` It should have room again in ${wait === 1 ? "a second" : `${wait} seconds`}.` : "";
    return new Problem(known[0], known[1] + when, reply.status);
  }
  return new Problem(
    reply.status >= 500 ? PLAIN[500][0] : "The service did not accept this",
    reply.status >= 500 ? PLAIN[500][1] : sentence(detail), reply.status);
}

async function send(path, options) {
  const headers = { ...(options.headers || {}) };
  if (key && /[^\x21-\x7e]/.test(key)) throw new Problem("That key is not right", PLAIN[401][1], 401);
  if (key) headers["X-API-Key"] = key;
  let reply;
  try {
    reply = await fetch(at(path), { ...options, headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The service does not answer", "Is “scr-tone serve” still running on this machine? Your text is still here: start it and try again.");
  }
  if (!reply.ok) throw await problemOf(reply);
  return reply;
}

function form(file, name) {
  const data = new FormData();
  data.append("file", file, name);
  return data;
}

async function report(reply) {
  try {
    return await reply.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The answer was cut off", "Please try again.");
  }
}

// Quotations are always told apart by the service (skip_quotes); whether they count is decided on the page.
// `layout` asks for the paragraphs too; a service that does not know it leaves them out.

export async function analyseText(text, signal) {
  return report(await send("v1/analyse?layout=true", {
    method: "POST", signal,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text, skip_quotes: true }),
  }));
}

export async function analyseFile(file, signal) {
  return report(await send("v1/analyse/file?skip_quotes=true&layout=true", { method: "POST", signal, body: form(file, file.name) }));
}

/** The HTML report of a file (the service's own rendering). */
export async function reportPage(file, name, skipQuotes) {
  const reply = await send(`v1/analyse/file?format=html&skip_quotes=${skipQuotes}`, {
    method: "POST", headers: { Accept: "text/html" }, body: form(file, name),
  });
  if (!(reply.headers.get("content-type") || "").includes("text/html")) {
    throw new Problem("This service does not make HTML reports", "Print the page instead: it prints well.");
  }
  return reply.blob();
}

/** The Word file again, with comments; the service keeps no copy, so it is sent once more. */
export async function annotated(file, skipQuotes, decisions) {
  const body = form(file, file.name);
  if (decisions) body.append("decisions", decisions, "decisions.json");
  return (await send(`v1/annotate${skipQuotes ? "?skip_quotes=true" : ""}`, { method: "POST", body })).blob();
}

/** What the service offers beyond the check itself, from its own description. */
export async function offers() {
  try {
    const { paths = {} } = await (await send("openapi.json", { method: "GET" })).json();
    const file = paths["/v1/analyse/file"]?.post ?? {};
    const byParameter = (file.parameters ?? []).some((parameter) => parameter.name === "format");
    const byAccept = Boolean(file.responses?.["200"]?.content?.["text/html"]);
    return { html: byParameter || byAccept, docx: Boolean(paths["/v1/annotate"]?.post) };
  } catch {
    return { html: false, docx: false };
  }
}
