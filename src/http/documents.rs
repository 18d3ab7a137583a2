//! GraphQL documents: parsed and checked once, executed often.
//!
//! A document is validated when it is first seen, whatever its variables are. What is executed is one operation of it
//! with its fragments put in place, on a schema that does not validate again: so the second answer to a question is made
//! the same way as the first, and list sizes count where a fragment of an interface hides them.

use super::cache::Key;
use super::expand::{Operation, expand};
use super::persisted::Persisted;
use super::{measure, scan};
use crate::config::{Config, Limits};
use crate::domain::actor::Actor;
use crate::error::{Error, Limit};
use crate::graphql::{
    Inputs, Place, Reading, Schema, measuring, publish_errors, schema, to_server_error, validator, with_code,
};
use crate::service::{App, Once, Reader, Tally};
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Request, Response, ServerError, Variables};
use futures_util::stream::{self, BoxStream, StreamExt};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;

/// How many bytes of documents are remembered, roughly.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// How many that usually are.
const USUALLY: usize = 1_000;

/// What somebody is told who subscribes by a plain request.
const SUBSCRIBE: &str = "a subscription goes over a WebSocket (graphql-transport-ws) on /graphql or over server-sent events on /graphql/stream";

/// What a client asks.
#[derive(Debug, Default)]
pub struct Question {
    /// The document.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Values.
    pub variables: Variables,
}

/// Who asks, and how they read.
pub struct Asker<'a> {
    /// Who.
    pub actor: Actor,
    /// What they see of what is published.
    pub reader: Reader,
    /// The languages that they prefer.
    pub accept_language: Option<&'a str>,
    /// Where they want what they ask to be done once, however often they ask.
    pub once: Option<Once>,
    /// Whether they want to know how much it was.
    pub traced: bool,
}

/// An answer, and whether it was executed at all.
pub struct Answer {
    /// The answer.
    pub response: Response,
    /// False where the request failed before anything was executed: then there is no `data`.
    pub executed: bool,
    /// The HTTP status that a failed request has, where clients read it.
    pub status: u16,
}

/// Knows documents and executes them.
#[derive(Clone)]
pub struct Documents {
    validator: Schema,
    schema: Schema,
    measuring: Schema,
    inputs: Arc<Inputs>,
    known: Arc<Cache<String, Arc<Known>, ByBytes>>,
    numbers: Arc<AtomicU64>,
    tally: Arc<Tally>,
    persisted: Persisted,
    limits: Limits,
    introspection: bool,
}

/// Documents have room by what they take.
#[derive(Clone)]
struct ByBytes;

impl Weighter<String, Arc<Known>> for ByBytes {
    fn weight(&self, _: &String, known: &Arc<Known>) -> u64 {
        known.bytes
    }
}

struct Known {
    /// Tells it from all other documents that this process has known.
    number: u64,
    document: ExecutableDocument,
    bytes: u64,
    /// What can be executed, once the document was validated.
    valid: OnceCell<Result<Vec<Operation>, Vec<ServerError>>>,
}

impl Documents {
    /// Builds the schemas.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            persisted: Persisted::new(config)?,
            validator: validator(config.http.introspection),
            measuring: measuring(&config.limits, config.http.introspection),
            schema: schema(&config.limits, config.http.introspection),
            inputs: Arc::default(),
            numbers: Arc::default(),
            tally: Arc::default(),
            known: Arc::new(Cache::with_weighter(USUALLY, CACHE_BYTES, ByBytes)),
            limits: config.limits,
            introspection: config.http.introspection,
        })
    }

    /// How many documents are in memory, and how often one was.
    pub fn in_memory(&self) -> (u64, &Tally) {
        (self.known.len() as u64, &self.tally)
    }

    /// Documents that are known by a hash.
    pub fn persisted(&self) -> &Persisted {
        &self.persisted
    }

    /// Whether the operation that would run only reads, once.
    pub fn only_reads(&self, question: &Question) -> bool {
        self.is_one_of(question, &[OperationType::Query])
    }

    /// Whether the operation that would run changes nothing.
    pub fn changes_nothing(&self, question: &Question) -> bool {
        self.is_one_of(question, &[OperationType::Query, OperationType::Subscription])
    }

    fn is_one_of(&self, question: &Question, kinds: &[OperationType]) -> bool {
        let Ok(known) = self.find(&question.query) else { return true };
        known.document.operations.iter().all(|(name, operation)| {
            let other = question.operation_name.as_deref().is_some_and(|asked| name.is_some_and(|name| name != asked));
            other || kinds.contains(&operation.node.ty)
        })
    }

    /// What the answer to a question is kept by, for readers who see what everybody sees; nothing for what is not kept.
    pub async fn key(&self, app: &App, question: &Question, accept_language: Option<&str>) -> Option<Key> {
        let known = self.find(&question.query).ok()?;
        let operations = known.valid.get_or_init(|| self.validate(&known.document)).await.as_ref().ok()?;
        let operation = pick(operations, question.operation_name.as_deref()).ok()?;
        if operation.kind() != OperationType::Query || operation.needs_desk() {
            return None;
        }
        let variables = serde_json::to_string(&question.variables).ok()?;
        let (operation, language) = (question.operation_name.as_deref(), app.languages().negotiate(accept_language));
        Some(Key::of_document(known.number, operation, &variables, &language))
    }

    /// Answers a question.
    pub async fn answer(&self, app: &App, asker: Asker<'_>, question: Question) -> Answer {
        let limit = Duration::from_millis(self.limits.time_ms);
        let schema = if asker.traced { &self.measuring } else { &self.schema };
        let run = async {
            match self.prepare(app, asker, question).await {
                Ok((_, OperationType::Subscription)) => refusal(&Error::invalid("query", SUBSCRIBE)),
                Ok((request, _)) => self.run(schema, request).await,
                Err(answer) => answer,
            }
        };
        tokio::time::timeout(limit, run).await.unwrap_or_else(|_| {
            refusal(&Error::OverLimit { limit: Limit::Time, allowed: self.limits.time_ms, found: None })
        })
    }

    /// Answers a question again and again where it is a subscription, from `place` on; once where it is not.
    pub async fn subscribe(
        &self,
        app: &App,
        asker: Asker<'_>,
        question: Question,
        place: Place,
    ) -> Result<BoxStream<'static, Response>, Answer> {
        let (request, kind) = self.prepare(app, asker, question).await?;
        if kind != OperationType::Subscription {
            return Ok(stream::iter([self.run(&self.schema, request).await.response]).boxed());
        }
        let limits = self.limits;
        let answers = self.schema.execute_stream(request.data(app.clone()).data(place));
        Ok(answers
            .map(move |mut response| {
                publish_errors(&mut response, &limits);
                response
            })
            .boxed())
    }

    async fn run(&self, schema: &Schema, request: Request) -> Answer {
        let mut response = schema.execute(request).await;
        // Validation errors have no path; what resolvers fail with has one.
        let executed = response.errors.iter().all(|error| !error.path.is_empty());
        publish_errors(&mut response, &self.limits);
        Answer { response, executed, status: if executed { 200 } else { 400 } }
    }

    /// What is to be executed, and what kind of operation it is.
    async fn prepare(
        &self,
        app: &App,
        asker: Asker<'_>,
        question: Question,
    ) -> Result<(Request, OperationType), Answer> {
        let known = self.find(&question.query).map_err(|error| failed(vec![error]))?;
        let valid = known.valid.get_or_init(|| self.validate(&known.document)).await;
        let operations = valid.as_ref().map_err(|errors| failed(errors.clone()))?;
        let operation = pick(operations, question.operation_name.as_deref())
            .map_err(|message| failed(vec![with_code(ServerError::new(message, None), "GRAPHQL_VALIDATION_FAILED")]))?;
        self.inputs.check(operation.variables(), &question.variables).map_err(|error| refusal(&error))?;
        let mut reading = Reading::new(app, asker.reader, asker.accept_language);
        if operation.kind() == OperationType::Subscription {
            reading = reading.keep_nothing();
        }
        let mut request = Request::new(String::new()).variables(question.variables).data(reading).data(asker.actor);
        if operation.needs_desk() {
            request = request.data(app.clone());
        }
        if let Some(once) = asker.once {
            request = request.data(once);
        }
        let document = operation.document(&request.variables);
        request.set_parsed_query(document);
        Ok((request, operation.kind()))
    }

    /// Every rule of the specification that can be told without variables.
    async fn validate(&self, document: &ExecutableDocument) -> Result<Vec<Operation>, Vec<ServerError>> {
        let mut request = Request::new(String::new());
        if let Some(name) = document.operations.iter().find_map(|(name, _)| name) {
            request.operation_name = Some(name.to_string());
        }
        request.set_parsed_query(document.clone());
        let mut response = self.validator.execute(request).await;
        // The library would weigh lists whose sizes are in variables; that is done with the variables, afterwards.
        response
            .errors
            .retain(|error| !(error.message.starts_with("Variable ") && error.message.ends_with(" is not defined.")));
        // Two passes over the document find some errors twice.
        let mut seen = Vec::new();
        response.errors.retain(|error| {
            let error = (error.message.clone(), error.locations.clone());
            let new = !seen.contains(&error);
            seen.push(error);
            new
        });
        publish_errors(&mut response, &self.limits);
        if !response.errors.is_empty() {
            return Err(response.errors);
        }
        let operations = expand(document);
        if !self.introspection && operations.iter().any(Operation::introspects) {
            let error = ServerError::new("the schema cannot be asked for: introspection is switched off", None);
            return Err(vec![with_code(error, "INTROSPECTION_DISABLED")]);
        }
        Ok(operations)
    }

    fn find(&self, query: &str) -> Result<Arc<Known>, ServerError> {
        if let Some(known) = self.known.get(query) {
            self.tally.count(1, 0);
            return Ok(known);
        }
        self.tally.count(0, 1);
        scan::check(query, &self.limits).map_err(|error| to_server_error(&error))?;
        let document = parse_query(query).map_err(unparsed)?;
        let fields = measure::check(&document, &self.limits)?;
        let bytes = query.len() as u64 + fields * measure::BYTES_A_FIELD;
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let known = Arc::new(Known { number, document, bytes, valid: OnceCell::new() });
        self.known.insert(query.to_owned(), known.clone());
        Ok(known)
    }
}

fn pick<'a>(operations: &'a [Operation], name: Option<&str>) -> Result<&'a Operation, String> {
    match (operations, name) {
        ([only], None) => Ok(only),
        (_, None) => Err("the document has several operations: operationName must name one".to_owned()),
        (all, Some(name)) => {
            let found = all.iter().find(|operation| operation.name() == Some(name));
            found.ok_or_else(|| format!("the document has no operation `{name}`"))
        }
    }
}

/// An answer that says that the request was refused.
pub fn refusal(error: &Error) -> Answer {
    let response = Response::from_errors(vec![to_server_error(error)]);
    Answer { response, executed: false, status: error.public().status }
}

/// An answer that failed before anything was executed.
pub fn failed(errors: Vec<ServerError>) -> Answer {
    Answer { response: Response::from_errors(errors), executed: false, status: 400 }
}

/// The parser draws a picture of the place; clients get the place in `locations`, and what was expected in words.
fn unparsed(error: ParseError) -> ServerError {
    let mut error = ServerError::from(error);
    if let Some((_, expected)) = error.message.rsplit_once("\n  = ") {
        error.message = format!("the query cannot be parsed: {expected}");
    }
    with_code(error, "GRAPHQL_PARSE_FAILED")
}
