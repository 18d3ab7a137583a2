//! Closed sets of values that have one name everywhere.

/// A text that names none of a closed set of values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}; accepted: {accepted}")]
pub struct UnknownName {
    /// What was found.
    pub text: String,
    /// What was expected.
    pub what: &'static str,
    /// All that is accepted.
    pub accepted: String,
}

/// Declares an enum whose values have one upper-case name everywhere: database, JSON, GraphQL, front matter.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident $what:literal { $($(#[$value_doc:meta])* $value:ident $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize,
        )]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $text)] $value,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// The name that is stored and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text,)+ }
            }
        }

        /// Written by hand: what derives it does not see the names that a macro gives.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!("A ", $what, ".")))
                    .enum_values(Some([$($text,)+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::named::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$value),)+
                    _ => Err($crate::domain::named::UnknownName {
                        text: text.chars().take(64).collect(),
                        what: $what,
                        accepted: [$($text,)+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use named;
