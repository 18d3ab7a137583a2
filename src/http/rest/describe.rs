//! The OpenAPI description, made from the types and handlers that answer.

use super::documents::Problem;
use super::{articles, directory};
use crate::domain::article::Kind;
use crate::domain::entity::TagKind;
use crate::domain::published::ChangeKind;
use crate::domain::related::Reason;
use crate::json::Member;
use serde_json::{Value, json};
use utoipa::OpenApi;

/// What is described; what all answers share is added in [`description`].
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Byline",
        description = "What a newsroom has published, as JSON: the same reads, rules and cursors as its GraphQL."
    ),
    paths(
        articles::list,
        articles::one,
        articles::by_slug,
        articles::related,
        articles::search,
        directory::authors,
        directory::one_author,
        directory::sections,
        directory::one_section,
        directory::tags,
        directory::one_tag,
        directory::one_image,
        directory::collections,
        directory::one_collection,
        directory::collected,
        directory::languages,
        directory::changes,
    ),
    components(schemas(Problem, Member, Kind, TagKind, ChangeKind, Reason))
)]
struct Api;

/// Statuses that any question may be answered with, beside its own.
const PROBLEMS: &[(&str, &str)] = &[
    ("400", "A parameter is unknown or wrong; `errors` names each."),
    ("401", "The credential or the preview's token is not believed."),
    ("404", "There is nothing of that name, or not in that language."),
    ("500", "Our fault."),
    ("503", "Something that we depend on does not answer. Try again."),
];

/// The description as JSON, with a line break at its end.
pub fn description() -> String {
    // Nothing in it has a form that JSON lacks.
    let mut api = serde_json::to_value(Api::openapi()).unwrap_or_default();
    let operations = api.get_mut("paths").and_then(Value::as_object_mut);
    for operation in operations.into_iter().flat_map(|paths| paths.values_mut()) {
        let get = operation.get_mut("get").and_then(Value::as_object_mut);
        let Some(get) = get else { continue };
        if let Some(responses) = get.get_mut("responses").and_then(Value::as_object_mut) {
            describe_answers(responses);
        }
        if let Some(parameters) = get.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
            parameters.push(accept_language());
        }
        get.insert("security".to_owned(), json!([{}, {"token": []}]));
    }
    if let Some(components) = api.get_mut("components").and_then(Value::as_object_mut) {
        let token = json!({"type": "http", "scheme": "bearer", "description": "An API key or an access token."});
        components.insert("securitySchemes".to_owned(), json!({"token": token}));
    }
    let mut text = serde_json::to_string_pretty(&api).unwrap_or_default();
    text.push('\n');
    text
}

fn describe_answers(responses: &mut serde_json::Map<String, Value>) {
    let text = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    if let Some(found) = responses.get_mut("200").and_then(Value::as_object_mut) {
        found.insert("description".to_owned(), json!("Found."));
        let headers = json!({
            "ETag": text("Changes with the answer; send it as `If-None-Match`. Not sent to callers with a credential."),
            "Content-Language": text("The language of the answer."),
            "Link": text("Pages beside this one (`next`, `prev`); the story on the site (`canonical`, `alternate`)."),
        });
        found.insert("headers".to_owned(), headers);
    }
    if let Some(moved) = responses.get_mut("301").and_then(Value::as_object_mut) {
        moved.insert("headers".to_owned(), json!({"Location": text("Where it is now.")}));
    }
    if let Some(gone) = responses.get_mut("410").and_then(Value::as_object_mut) {
        gone.insert("description".to_owned(), json!("It was published once and withdrawn."));
    }
    responses.insert("304".to_owned(), json!({"description": "The client has it already."}));
    let schema = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
    for (status, description) in PROBLEMS {
        let content = json!({"application/problem+json": schema});
        responses.insert((*status).to_owned(), json!({"description": description, "content": content}));
    }
}

fn accept_language() -> Value {
    json!({
        "name": "Accept-Language",
        "in": "header",
        "required": false,
        "description": "The languages that the reader prefers, where `language` does not say.",
        "schema": {"type": "string"},
        "example": "en-GB, ko;q=0.8",
    })
}
