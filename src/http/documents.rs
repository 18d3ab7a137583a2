//! GraphQL documents: parsed and checked once, executed often.
//!
//! A document seen for the first time runs on a schema that validates all of it. Once it passed, it runs on the same
//! schema without the rules that only look at the document. Those rules also look at the values of variables, so an
//! answer with an error that is not ours is made again by the strict schema, which words it as the specification does.

use super::scan;
use crate::config::{Config, Limits};
use crate::error::{Error, Limit, Result};
use crate::graphql::{Reading, Schema, publish_errors, schema};
use crate::service::{App, Reader};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError, ValidationMode, Variables};
use moka::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How many bytes of document text are remembered.
const CACHE_BYTES: u64 = 8 * 1024 * 1024;

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
    strict: Schema,
    fast: Schema,
    known: Cache<String, Arc<Known>>,
    limits: Limits,
}

struct Known {
    document: ExecutableDocument,
    passed: AtomicBool,
}

impl Documents {
    /// Builds the schemas.
    pub fn new(config: &Config) -> Self {
        let build = |mode| schema(&config.limits, config.http.introspection, mode);
        let weigh = |query: &String, _: &Arc<Known>| u32::try_from(query.len()).unwrap_or(u32::MAX);
        Self {
            strict: build(ValidationMode::Strict),
            fast: build(ValidationMode::Fast),
            known: Cache::builder().max_capacity(CACHE_BYTES).weigher(weigh).build(),
            limits: config.limits,
        }
    }

    /// Whether the operation that would run only reads.
    pub fn only_reads(&self, question: &Question) -> bool {
        let Ok(known) = self.find(&question.query) else { return true };
        let reads = |kind: OperationType| kind == OperationType::Query;
        match &known.document.operations {
            DocumentOperations::Single(operation) => reads(operation.node.ty),
            DocumentOperations::Multiple(operations) => match &question.operation_name {
                Some(name) => operations.get(name.as_str()).is_none_or(|operation| reads(operation.node.ty)),
                None => operations.values().all(|operation| reads(operation.node.ty)),
            },
        }
    }

    /// Answers a question.
    pub async fn answer(&self, app: &App, reader: Reader, accept_language: Option<&str>, question: Question) -> Answer {
        let known = match self.find(&question.query) {
            Ok(known) => known,
            Err(answer) => return answer,
        };
        let reading = || Reading::new(app, reader.clone(), accept_language);
        let run = async {
            if known.passed.load(Ordering::Relaxed) {
                let response = self.fast.execute(request(&known, &question).data(reading())).await;
                if response.errors.iter().all(|error| error.source.is_some()) {
                    return response;
                }
            }
            let response = self.strict.execute(request(&known, &question).data(reading())).await;
            if executed(&response) {
                known.passed.store(true, Ordering::Relaxed);
            }
            response
        };
        let limit = Duration::from_millis(self.limits.time_ms);
        let Ok(mut response) = tokio::time::timeout(limit, run).await else {
            let error = Error::OverLimit { limit: Limit::Time, allowed: self.limits.time_ms, found: None };
            return refusal(&error);
        };
        let executed = executed(&response);
        publish_errors(&mut response, &self.limits);
        Answer { response, executed, status: if executed { 200 } else { 400 } }
    }

    fn find(&self, query: &str) -> Result<Arc<Known>, Answer> {
        if let Some(known) = self.known.get(query) {
            return Ok(known);
        }
        scan::check_tokens(query, &self.limits).map_err(|error| refusal(&error))?;
        let document = parse_query(query).map_err(|error| unparsed(error.into()))?;
        scan::check_document(&document, &self.limits).map_err(|error| refusal(&error))?;
        let known = Arc::new(Known { document, passed: AtomicBool::new(false) });
        self.known.insert(query.to_owned(), known.clone());
        Ok(known)
    }
}

fn request(known: &Known, question: &Question) -> Request {
    let mut variables = question.variables.clone();
    crate::graphql::complete(&known.document, &mut variables);
    let mut request = Request::new(String::new()).variables(variables);
    request.operation_name.clone_from(&question.operation_name);
    request.set_parsed_query(known.document.clone());
    request
}

/// Validation errors have no path; what resolvers fail with has one.
fn executed(response: &Response) -> bool {
    response.errors.iter().all(|error| !error.path.is_empty())
}

/// An answer that says that the request was refused.
pub fn refusal(error: &Error) -> Answer {
    let response = Response::from_errors(vec![crate::graphql::to_server_error(error)]);
    Answer { response, executed: false, status: error.public().status }
}

fn unparsed(error: ServerError) -> Answer {
    let mut error = error;
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    extensions.set("code", "GRAPHQL_PARSE_FAILED");
    error.extensions = Some(extensions);
    Answer { response: Response::from_errors(vec![error]), executed: false, status: 400 }
}
