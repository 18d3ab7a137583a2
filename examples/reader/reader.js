// A reader page on Byline's API: a front page and an article in either language. No build, no dependencies.
//
//   byline demo                                  (in one terminal)
//   python3 -m http.server -d examples/reader    (in another; then open http://127.0.0.1:8000)
//
// Another API: http://127.0.0.1:8000/?api=https://api.news.example

const api = new URLSearchParams(location.search).get("api") ?? "http://127.0.0.1:8080";

export const FRONT_PAGE = `
  query ReaderFrontPage($language: LanguageTag!) {
    languages { tag name }
    articles(language: $language, fallback: true, first: 20) {
      edges { servedAsFallback variant {
        id language slug title deks publishedAt
        leadImage { id url alt(language: $language) }
      } }
    }
  }`;

export const ARTICLE = `
  query ReaderArticle($slug: String!, $language: LanguageTag!) {
    languages { tag name }
    article(by: { slug: { slug: $slug, language: $language } }) {
      id
      alternates { language title canonicalPath }
      variant(language: $language, fallback: true) {
        id language slug title deks publishedAt readingTimeMinutes
        bylines { role author { id name(language: $language) } }
        leadImage { id url width height alt(language: $language) caption(language: $language) credit isAiGenerated }
        body { html }
        corrections { kind at text }
        translation { origin sourceLanguage isStale }
      }
      related(language: $language, first: 4) { edges { variant { id language slug title } } }
    }
  }`;

const WORDS = {
  ko: { minutes: "분", fallback: "영어 기사", ai: "AI 생성", stale: "번역 뒤에 원문이 바뀌었습니다.", more: "함께 읽기", gone: "기사를 찾을 수 없습니다.", by: "글" },
  en: { minutes: "min read", fallback: "in Korean", ai: "AI-made", stale: "The original has changed since this was translated.", more: "More like this", gone: "There is no such story.", by: "By" },
};

/** The feeds of a language that browsers and readers' programs look for. */
const FEEDS = [["application/rss+xml", "rss.xml"], ["application/atom+xml", "atom.xml"], ["application/feed+json", "feed.json"]];

/** Makes an element: `el("a", { href }, "text", child)`. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value != null) made.setAttribute(key, value);
  made.append(...children.filter((child) => child != null));
  return made;
}

async function ask(query, variables) {
  const response = await fetch(`${api}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (!data) throw new Error(errors.map((error) => error.message).join("; "));
  return data;
}

const link = ({ language, slug }) => `#/${language}/${encodeURIComponent(slug)}`;
const date = (at, language) => new Date(at).toLocaleDateString(language, { dateStyle: "long" });
const words = (language) => WORDS[language] ?? WORDS.en;

function picture(image, lazy) {
  return image?.url && el("img", { src: image.url, alt: image.alt ?? "", width: image.width, height: image.height, loading: lazy ? "lazy" : null });
}

function showLanguages(languages, current, address) {
  document.documentElement.lang = current;
  document.getElementById("home").href = `#/${current}`;
  const links = languages.filter(({ tag }) => address(tag)).map(({ tag, name }) =>
    el("a", { href: address(tag), lang: tag, "aria-current": tag === current ? "true" : null }, name));
  document.getElementById("languages").replaceChildren(...links);
  document.querySelectorAll("link[rel=alternate]").forEach((old) => old.remove());
  for (const [type, file] of FEEDS) document.head.append(el("link", { rel: "alternate", type, hreflang: current, href: `${api}/feeds/${current}/${file}` }));
  document.getElementById("feed").href = `${api}/feeds/${current}/rss.xml`;
}

async function frontPage(language) {
  const { languages, articles } = await ask(FRONT_PAGE, { language });
  showLanguages(languages, language, (tag) => `#/${tag}`);
  return articles.edges.map(({ servedAsFallback, variant }) => el("article", { class: "teaser", lang: variant.language },
    el("div", {},
      el("h2", {}, el("a", { href: link(variant) }, variant.title)),
      el("p", { class: "deks" }, variant.deks[0] ?? ""),
      el("p", { class: "meta" }, date(variant.publishedAt, language), servedAsFallback ? ` · ${words(language).fallback}` : "")),
    picture(variant.leadImage, true) ?? el("span")));
}

async function articlePage(language, slug) {
  const { languages, article } = await ask(ARTICLE, { language, slug });
  const variant = article?.variant;
  if (!variant) return [el("p", {}, words(language).gone)];
  // A former slug: show the address that the story has now.
  if (variant.slug !== slug) history.replaceState(null, "", link(variant));
  const other = (tag) => article.alternates.find((alternate) => alternate.language === tag);
  showLanguages(languages, variant.language, (tag) => other(tag) && `#${other(tag).canonicalPath}`);
  document.title = variant.title;
  const text = words(variant.language);
  const body = el("div", { lang: variant.language });
  body.innerHTML = variant.body.html; // sanitised by the API when it came in
  const names = variant.bylines.filter(({ role }) => role !== "EDITOR").map(({ author }) => author.name).join(", ");
  const image = variant.leadImage;
  return [
    el("h1", { lang: variant.language }, variant.title),
    el("ul", { class: "deks" }, ...variant.deks.map((dek) => el("li", {}, dek))),
    el("p", { class: "meta" }, `${text.by} ${names} · ${date(variant.publishedAt, variant.language)} · ${variant.readingTimeMinutes} ${text.minutes}`),
    image && el("figure", {}, picture(image) ?? "", el("figcaption", {}, image.caption ?? "", " ", image.credit ?? "", " ",
      image.isAiGenerated ? el("span", { class: "badge" }, text.ai) : null)),
    variant.translation.isStale ? el("p", { class: "note" }, text.stale) : null,
    body,
    ...variant.corrections.map(({ at, text: note }) => el("p", { class: "note" }, `${date(at, variant.language)}: ${note}`)),
    el("h2", {}, text.more),
    el("ul", {}, ...article.related.edges.map(({ variant: story }) => el("li", { lang: story.language }, el("a", { href: link(story) }, story.title)))),
  ].filter((part) => part != null);
}

async function show() {
  const [, language = "ko", slug] = location.hash.split("/");
  const page = document.getElementById("page");
  try {
    const parts = slug ? await articlePage(language, decodeURIComponent(slug)) : await frontPage(language || "ko");
    page.replaceChildren(...parts);
  } catch (error) {
    page.replaceChildren(el("p", { class: "note", role: "alert" }, `${api}: ${error.message}`));
  }
  scrollTo(0, 0);
}

if (typeof document !== "undefined") {
  addEventListener("hashchange", show);
  await show();
}
