//! Where partners are told of changes by webhook: mutations, and what staff see of it.

use super::variant::id;
use super::{actor, begin, finish, payload};
use crate::graphql::enums::{DeliveryState, EndpointFormat};
use crate::graphql::scalars::{DateTime, Json};
use crate::service::{App, Attempt, Delivery, Endpoint, MadeEndpoint, NewEndpoint};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

/// Where a partner is told of changes.
#[derive(SimpleObject)]
pub struct DeskEndpoint {
    /// `end_…`
    id: ID,
    /// What programs call the partner.
    partner: String,
    /// Where requests go.
    url: String,
    /// What they bring.
    format: EndpointFormat,
    /// When it was added.
    created_at: DateTime,
    /// Since when it took nothing; null while all is well.
    failing_since: Option<DateTime>,
    /// Since when nothing is sent to it.
    disabled_at: Option<DateTime>,
    /// Why: `GONE` (it answered 410), `FAILING` (it took nothing for `webhooks.retry_hours`), or somebody's words.
    disabled_reason: Option<String>,
    /// How many messages wait for it.
    waiting: i32,
}

impl From<Endpoint> for DeskEndpoint {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id.to_string().into(),
            partner: endpoint.partner_slug,
            url: endpoint.url,
            format: endpoint.format.into(),
            created_at: DateTime(endpoint.created_at),
            failing_since: endpoint.failing_since.map(DateTime),
            disabled_at: endpoint.disabled_at.map(DateTime),
            disabled_reason: endpoint.disabled_reason,
            waiting: i32::try_from(endpoint.waiting).unwrap_or(i32::MAX),
        }
    }
}

/// One message to an endpoint, however often it was tried.
#[derive(SimpleObject)]
pub struct EndpointDelivery {
    /// Its number; grows. `webhook-id` is `dlv_` and this number.
    id: ID,
    /// The change of the partner's feed that it tells of; null for a ping.
    change_id: Option<ID>,
    /// Where it stands.
    state: DeliveryState,
    /// How often it was tried since it began to wait.
    attempts: i32,
    /// When it is tried next, where it waits.
    next_at: Option<DateTime>,
    /// Since when it waits.
    created_at: DateTime,
    /// When it was taken or given up.
    ended_at: Option<DateTime>,
    /// Its requests and their answers, oldest first.
    log: Vec<EndpointAttempt>,
}

/// One request and its answer.
#[derive(SimpleObject)]
pub struct EndpointAttempt {
    /// When it was sent.
    at: DateTime,
    /// How long the answer took.
    milliseconds: i32,
    /// The request's headers and the first 4,000 characters of its body.
    request: Json,
    /// The status of the answer; null where there was none.
    status: Option<i32>,
    /// The first 2,000 bytes of the answer, or why there was none.
    answer: String,
}

impl From<Delivery> for EndpointDelivery {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.to_string().into(),
            change_id: delivery.change.map(|change| change.to_string().into()),
            state: delivery.state.into(),
            attempts: i32::try_from(delivery.attempts).unwrap_or(i32::MAX),
            next_at: delivery.next_at.map(DateTime),
            created_at: DateTime(delivery.created_at),
            ended_at: delivery.ended_at.map(DateTime),
            log: delivery.log.into_iter().map(EndpointAttempt::from).collect(),
        }
    }
}

impl From<Attempt> for EndpointAttempt {
    fn from(attempt: Attempt) -> Self {
        Self {
            at: DateTime(attempt.at),
            milliseconds: i32::try_from(attempt.milliseconds).unwrap_or(i32::MAX),
            request: Json(serde_json::from_str(&attempt.request).unwrap_or_default()),
            status: attempt.status.map(i32::from),
            answer: attempt.answer,
        }
    }
}

/// An endpoint with the keys that check what it is sent.
#[derive(SimpleObject)]
pub struct EndpointSecrets {
    /// The endpoint.
    endpoint: DeskEndpoint,
    /// `whsec_…`: checks `v1` signatures. It is given this once.
    secret: String,
    /// `whpk_…`: checks `v1a` signatures; not secret.
    public_key: String,
}

impl From<MadeEndpoint> for EndpointSecrets {
    fn from(made: MadeEndpoint) -> Self {
        Self { endpoint: made.endpoint.into(), secret: made.secret, public_key: made.public_key }
    }
}

payload! {
    /// What making or changing the secrets of an endpoint came to.
    EndpointSecretsPayload {
        /// The endpoint and its new secrets.
        made: EndpointSecrets
    }
}

payload! {
    /// What changing an endpoint came to.
    EndpointPayload {
        /// The endpoint; the one that was, where it was deleted.
        endpoint: DeskEndpoint
    }
}

payload! {
    /// What sending changes again came to.
    ReplayEndpointPayload {
        /// How many messages wait to be sent again.
        changes: i32
    }
}

/// An endpoint to add.
#[derive(InputObject)]
pub struct AddEndpointInput {
    /// What programs call the partner.
    partner: String,
    /// Where requests go: an https address on the public internet.
    url: String,
    /// What they bring; BYLINE unless said.
    format: Option<EndpointFormat>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Declares what mutations take that need nothing but an endpoint.
macro_rules! endpoint_inputs {
    ($($doc:literal $name:ident,)+) => {$(
        #[doc = $doc]
        #[derive(InputObject)]
        pub struct $name {
            /// The endpoint: `end_…`
            endpoint_id: ID,
            /// Any text; comes back in the payload.
            client_mutation_id: Option<String>,
        }
    )+};
}

endpoint_inputs! {
    "An endpoint to give new secrets." RotateEndpointInput,
    "An endpoint to send to again." EnableEndpointInput,
    "An endpoint to take away." DeleteEndpointInput,
    "An endpoint to send a ping to." PingEndpointInput,
}

/// An endpoint to send nothing to.
#[derive(InputObject)]
pub struct DisableEndpointInput {
    /// The endpoint: `end_…`
    endpoint_id: ID,
    /// Why, for colleagues.
    reason: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to send again.
#[derive(InputObject)]
pub struct ReplayEndpointInput {
    /// The endpoint: `end_…`
    endpoint_id: ID,
    /// The first change of the partner's feed.
    from: ID,
    /// The last one, included.
    to: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Mutations of endpoints.
#[derive(Default)]
pub struct EndpointMutation;

fn change(path: &str, id: &ID) -> Result<i64, crate::error::Error> {
    id.as_str().parse().map_err(|_| crate::error::Error::invalid(path, "must be the number of a change"))
}

/// Mutations of endpoints. For an ADMIN.
#[Object]
impl EndpointMutation {
    /// Adds an endpoint of a partner. Its secret is given this once.
    async fn add_endpoint(&self, ctx: &Context<'_>, input: AddEndpointInput) -> Result<EndpointSecretsPayload> {
        let app = ctx.data::<App>()?;
        let mut work = begin(ctx).await?;
        let format = input.format.unwrap_or(EndpointFormat::Byline).into();
        let partner = app.partner_named(actor(ctx), &input.partner).await?;
        let done = work.add_endpoint(app.webhooks(), NewEndpoint { partner, url: input.url, format }).await;
        Ok(EndpointSecretsPayload::new(finish(work, done).await?.map(Into::into), input.client_mutation_id))
    }

    /// Gives an endpoint new secrets; the former ones sign beside them for `webhooks.secret_hours`.
    async fn rotate_endpoint(&self, ctx: &Context<'_>, input: RotateEndpointInput) -> Result<EndpointSecretsPayload> {
        let (app, endpoint) = (ctx.data::<App>()?, id("endpointId", &input.endpoint_id)?);
        let mut work = begin(ctx).await?;
        let done = work.rotate_endpoint(app.webhooks(), endpoint).await;
        Ok(EndpointSecretsPayload::new(finish(work, done).await?.map(Into::into), input.client_mutation_id))
    }

    /// Sends nothing to an endpoint any more. What waits goes on waiting.
    async fn disable_endpoint(&self, ctx: &Context<'_>, input: DisableEndpointInput) -> Result<EndpointPayload> {
        let endpoint = id("endpointId", &input.endpoint_id)?;
        let mut work = begin(ctx).await?;
        let done = work.disable_endpoint(endpoint, &input.reason).await;
        Ok(EndpointPayload::new(finish(work, done).await?.map(Into::into), input.client_mutation_id))
    }

    /// Sends to an endpoint again, beginning with what waits.
    async fn enable_endpoint(&self, ctx: &Context<'_>, input: EnableEndpointInput) -> Result<EndpointPayload> {
        let endpoint = id("endpointId", &input.endpoint_id)?;
        let mut work = begin(ctx).await?;
        let done = work.enable_endpoint(endpoint).await;
        Ok(EndpointPayload::new(finish(work, done).await?.map(Into::into), input.client_mutation_id))
    }

    /// Takes an endpoint away, with what waits for it and its log. The ledger keeps what its partner was told.
    async fn delete_endpoint(&self, ctx: &Context<'_>, input: DeleteEndpointInput) -> Result<EndpointPayload> {
        let endpoint = id("endpointId", &input.endpoint_id)?;
        let mut work = begin(ctx).await?;
        let done = work.delete_endpoint(endpoint).await;
        Ok(EndpointPayload::new(finish(work, done).await?.map(Into::into), input.client_mutation_id))
    }

    /// Sends a ping to an endpoint; `desk.endpointDeliveries` has what came of it.
    async fn ping_endpoint(&self, ctx: &Context<'_>, input: PingEndpointInput) -> Result<EndpointPayload> {
        let endpoint = id("endpointId", &input.endpoint_id)?;
        let mut work = begin(ctx).await?;
        let done = work.ping_endpoint(endpoint).await;
        Ok(EndpointPayload::new(finish(work, done).await?.map(Into::into), input.client_mutation_id))
    }

    /// Sends changes of the partner's feed to an endpoint again.
    async fn replay_endpoint(&self, ctx: &Context<'_>, input: ReplayEndpointInput) -> Result<ReplayEndpointPayload> {
        let endpoint = id("endpointId", &input.endpoint_id)?;
        let range = [change("from", &input.from)?, change("to", &input.to)?];
        let mut work = begin(ctx).await?;
        let done = work.replay_endpoint(endpoint, range).await.map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        Ok(ReplayEndpointPayload::new(finish(work, done).await?, input.client_mutation_id))
    }
}
