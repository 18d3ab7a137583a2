//! The hot paths of delivery: bodies in and out, and the pages of `examples/queries` on the sample newsroom (SQLite).

use async_graphql::{Request, Variables};
use byline::config::{Config, Flags};
use byline::domain::body::render::{self, FigureView};
use byline::domain::body::{Body, markdown};
use byline::graphql::{Reading, schema};
use byline::import::{Options, Silent};
use byline::service::App;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bodies(bench: &mut Criterion) {
    let file = root().join("examples/newsroom/harbour-ferry-charging/ko.md");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let story = text.splitn(3, "---\n").nth(2).unwrap_or_default().to_owned();
    let body = Body::from_contents(markdown::parse(&story).contents, None);
    let json = serde_json::to_string(&body).unwrap_or_default();
    bench.bench_function("body: Markdown to blocks", |b| b.iter(|| markdown::parse(black_box(&story))));
    bench.bench_function("body: blocks from JSON", |b| b.iter(|| serde_json::from_str::<Body>(black_box(&json))));
    bench.bench_function("body: blocks to HTML", |b| {
        b.iter(|| render::html(black_box(&body), &|_| FigureView::default()));
    });
}

fn pages(bench: &mut Criterion) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let Ok(folder) = tempfile::tempdir() else { return };
    let flags = Flags { data_dir: Some(folder.path().to_owned()), ..Flags::default() };
    let ready = runtime.block_on(async {
        let config = Config::load(&flags)?;
        let app = App::open(&config).await?;
        let newsroom = root().join("examples/newsroom");
        byline::import::markdown::run(&app, &config.import, &newsroom, &Options::default(), &Silent).await?;
        Ok::<_, byline::error::Error>((config, app))
    });
    let (config, app) = match ready {
        Ok(ready) => ready,
        Err(error) => return eprintln!("left out: {error}"),
    };
    let schema = schema(&config.limits, true);
    for page in ["article-page", "front-page", "tag-page", "author-page"] {
        let read =
            |kind| std::fs::read_to_string(root().join(format!("examples/queries/{page}.{kind}"))).unwrap_or_default();
        let Ok(document) = async_graphql::parser::parse_query(read("graphql")) else { continue };
        let variables = Variables::from_json(serde_json::from_str(&read("json")).unwrap_or_default());
        bench.bench_function(&format!("page: {page}"), |b| {
            b.to_async(&runtime).iter(|| {
                let mut request = Request::new("").variables(variables.clone());
                request.set_parsed_query(document.clone());
                schema.execute(request.data(Reading::new(&app, app.reader(), None)))
            });
        });
    }
}

criterion_group!(benches, bodies, pages);
criterion_main!(benches);
