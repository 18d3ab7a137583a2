//! The HTTP service: routes, the GraphQL endpoint, original images, health, the explorer page.
//!
//! Each worker thread has its own database connections, because an answer that never changes threads waits for nobody.

mod accept;
mod auth;
mod cache;
mod caller;
mod cdn;
mod documents;
mod expand;
mod explorer;
mod feeds;
mod graphql;
mod health;
mod images;
mod limits;
mod log;
mod measure;
mod metrics;
mod once;
mod outgoing;
mod partner;
mod persisted;
mod problem;
mod public;
mod question;
mod rest;
mod scan;
mod socket;
mod stream;
mod trace;
mod webhooks;

pub use rest::description;

use crate::config::Config;
use crate::domain::ids::EventId;
use crate::error::{Error, Result};
use crate::service::App;
use actix_cors::Cors;
use actix_web::guard::fn_guard;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpServer, Route, web};
use cache::Answers;
use documents::Documents;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// How often we look whether something is planned.
const LOOK: Duration = Duration::from_secs(1);
/// How often we look for what need not be known any more.
const FORGET: Duration = Duration::from_secs(10 * 60);
/// How long a connection without requests stays open: longer than the minute that load balancers keep theirs, so that they
/// never send a request into one that we are just closing.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Another server may be at what is due: ask again, but not at once.
const SHORTEST: Duration = Duration::from_millis(10);

/// What handlers of one worker thread share.
pub struct State {
    app: App,
    config: Arc<Config>,
    documents: Documents,
    answers: Answers,
    /// What HTTP caches are told of what everybody may see.
    cache_control: HeaderValue,
    /// How much each key may ask for.
    limits: Arc<limits::Limits>,
    /// How the cache before the service is spoken to, where it is told of changes.
    cdn: Option<cdn::Dialect>,
    /// Becomes true when the service stops: what would go on for ever ends then.
    stopping: watch::Receiver<bool>,
}

/// Opens the configured address. The port may be 0: the system chooses one.
pub fn listen(config: &Config) -> Result<TcpListener> {
    let refused = |error| Error::Unavailable(format!("cannot listen on {}: {error}", config.listen).into());
    TcpListener::bind(config.listen).map_err(refused)
}

/// Serves until the process is told to stop; then finishes the requests in flight.
///
/// `ready` learns the address once connections are accepted.
pub async fn serve(config: Config, app: App, listener: TcpListener, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let address = listener.local_addr().map_err(Error::internal)?;
    let config = Arc::new(config);
    let documents = Documents::new(&config)?;
    let cache_control = HeaderValue::from_str(&config.cache.control()).map_err(Error::internal)?;
    let workers = match config.http.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        given => given,
    };
    app.look_at_log().await?;
    let (stop_scheduler, stopped) = oneshot::channel();
    let scheduler = actix_web::rt::spawn(schedule(app.clone(), stopped));
    let (stop_following, stopped) = oneshot::channel();
    let answers = Answers::new(&config.cache, app.hearing().clone());
    let (followed, hearing) = (app.clone(), answers.clone());
    let follower = actix_web::rt::spawn(async move {
        followed.follow_log(stopped, |heard| hearing.hear(&heard)).await;
    });
    let (stop_purging, stopped) = oneshot::channel();
    let purger =
        cdn::cdn(&config.purge)?.map(|cdn| actix_web::rt::spawn(cdn::purge_changes(app.clone(), cdn, stopped)));
    let (stop_sending, stopped) = oneshot::channel();
    let sender = actix_web::rt::spawn(webhooks::send_webhooks(app.clone(), app.webhooks().clone(), stopped));
    let remembering = actix_web::rt::spawn(webhooks::forget(app.clone()));
    let (stop_comparing, stopped) = oneshot::channel();
    let comparer = actix_web::rt::spawn(app.clone().follow_for_partners(stopped));
    let dialect = cdn::dialect(&config.purge);
    let limits = limits::Limits::new(&config.partners)?;
    let pingers = feeds::Pingers::start(&app, &config)?;
    let (stop, stopping) = watch::channel(false);
    let reloader = actix_web::rt::spawn(reload(documents.clone()));
    let forgetting = actix_web::rt::spawn(forget(app.clone()));
    let (seconds, shared) = (config.http.shutdown_seconds, config.clone());
    let server = HttpServer::new(move || {
        let (app, config, documents, stopping) = (app.clone(), shared.clone(), documents.clone(), stopping.clone());
        let (answers, cache_control, cdn) = (answers.clone(), cache_control.clone(), dialect.clone());
        let limits = limits.clone();
        actix_web::App::new()
            .wrap(from_fn(limits::limit))
            .wrap(Compress::default())
            .wrap(cors(&config))
            .wrap(from_fn(log::request))
            .data_factory(move || {
                let (app, config, documents) = (app.clone(), config.clone(), documents.clone());
                let (stopping, answers, cache_control) = (stopping.clone(), answers.clone(), cache_control.clone());
                let (cdn, limits) = (cdn.clone(), limits.clone());
                async move {
                    let app = app.another(&config).await?;
                    Ok::<_, Error>(State { app, config, documents, answers, cache_control, limits, cdn, stopping })
                }
            })
            .configure(routes)
    })
    .workers(workers)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(seconds)
    .disable_signals()
    .listen(listener)
    .map_err(Error::internal)?
    .run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        told_to_stop().await;
        let _ = stop.send(true);
        // Whoever asks a second time does not want to wait.
        tokio::join!(handle.stop(true), async {
            told_to_stop().await;
            handle.stop(false).await;
        })
    });
    // Whoever is told that we are ready may tell us to stop: only once somebody listens for that.
    tokio::task::yield_now().await;
    ready(address);
    let served = server.await.map_err(Error::internal);
    drop((stop_scheduler, stop_following, stop_purging, stop_sending, stop_comparing));
    reloader.abort();
    forgetting.abort();
    remembering.abort();
    comparer.await.map_err(Error::internal)?;
    sender.await.map_err(Error::internal)??;
    scheduler.await.map_err(Error::internal)?;
    follower.await.map_err(Error::internal)?;
    if let Some(purger) = purger {
        purger.await.map_err(Error::internal)?;
    }
    pingers.stop().await?;
    served
}

/// Forgets from time to time what changed for readers long ago.
async fn forget(app: App) {
    let mut from = EventId(0);
    loop {
        match app.forget_effects(from).await {
            Ok(last) => from = last,
            Err(error) => error.log(),
        }
        tokio::time::sleep(FORGET).await;
    }
}

/// Looks once a second whether a manifest of trusted documents changed.
async fn reload(documents: Documents) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = documents.persisted().reload() {
            tracing::error!(%error, "trusted documents stay as they were");
        }
    }
}

/// Waits for Ctrl-C, or for what a service manager says instead.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Does what is planned when it is due, until it is told to stop; what it is at by then, it finishes.
///
/// Looks at least once a second, because other servers plan, too.
async fn schedule(app: App, mut stopped: oneshot::Receiver<()>) {
    loop {
        let next = match app.run_due().await {
            Ok(_) => app.until_next().await,
            Err(error) => Err(error),
        };
        let wait = next.unwrap_or_else(|error| {
            error.log();
            None
        });
        let wait = wait.and_then(|wait| Duration::try_from(wait).ok()).unwrap_or(LOOK).clamp(SHORTEST, LOOK);
        if tokio::time::timeout(wait, &mut stopped).await.is_ok() {
            return;
        }
    }
}

fn routes(service: &mut web::ServiceConfig) {
    service
        .service(web::resource("/").route(web::get().to(explorer::front)))
        .service(
            web::resource("/graphql")
                .route(web::post().to(graphql::post))
                .route(web::get().guard(fn_guard(socket::is_upgrade)).to(socket::open))
                .route(web::get().to(graphql::get))
                .default_service(web::to(|| problem::method_not_allowed("GET, POST"))),
        )
        .service(
            web::resource("/graphql/stream")
                .route(web::post().to(stream::post))
                .route(web::get().to(stream::get))
                .default_service(web::to(|| problem::method_not_allowed("GET, POST"))),
        )
        .service(web::resource("/auth/token").route(web::post().to(auth::token)).default_service(only_post()))
        .service(web::resource("/auth/refresh").route(web::post().to(auth::refresh)).default_service(only_post()))
        .service(web::resource("/auth/logout").route(web::post().to(auth::logout)).default_service(only_post()))
        .service(web::resource("/.well-known/jwks.json").route(web::get().to(auth::keys)))
        .service(web::resource("/explorer").route(web::get().to(explorer::page)))
        .service(
            web::resource("/images/{id}/original")
                .route(web::get().to(images::original))
                .route(web::head().to(images::original)),
        )
        .configure(feeds::routes)
        .configure(partner::routes)
        .configure(rest::routes)
        .service(web::resource("/healthz").route(web::get().to(health::alive)))
        .service(web::resource("/static").route(web::get().to(health::padding)))
        .service(web::resource("/metrics").route(web::get().to(metrics::page)))
        .service(web::resource("/readyz").route(web::get().to(health::ready)))
        .default_service(web::to(problem::no_such_page));
}

fn only_post() -> Route {
    web::to(|| problem::method_not_allowed("POST"))
}

fn cors(config: &Config) -> Cors {
    let origins = &config.http.cors_origins;
    let mut cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "OPTIONS"])
        .allow_any_header()
        .expose_headers([
            "x-request-id",
            "byline-sql-statements",
            "etag",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "www-authenticate",
            "link",
            "content-language",
        ])
        .max_age(3600);
    if origins.iter().any(|origin| origin == "*") {
        cors = cors.allow_any_origin().send_wildcard();
    } else {
        for origin in origins {
            cors = cors.allowed_origin(origin);
        }
    }
    cors
}
