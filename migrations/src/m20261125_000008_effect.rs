//! What each change changes for readers, so that answers in memory can be kept true.

crate::sql_migration!(
    "
ALTER TABLE event ADD COLUMN effect text;
",
    "
ALTER TABLE event DROP COLUMN effect;
"
);
