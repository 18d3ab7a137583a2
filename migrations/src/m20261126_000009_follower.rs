//! How far those who react to changes have come: a place in the change log by name, and which server is at it.

crate::sql_migration!(
    "
CREATE TABLE follower (
    name {key} PRIMARY KEY,
    seen bigint NOT NULL,
    holder text NOT NULL,
    held_until bigint NOT NULL
);
",
    "
DROP TABLE follower;
"
);
