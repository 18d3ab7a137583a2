//! How the databases answer the statements of lists: by walking an index, sorting nothing and reading no whole table.
//!
//! The statements are those that are sent. PostgreSQL is asked for the plan that it keeps for all values, because that is
//! what connections use.

mod stage;

use super::super::articles::{self, Along, Key};
use super::*;
use sea_orm::DbBackend;
use stage::{MINUTE, Stage, author, chain, collection, section, tag, without_small_sorts};

const BY_PUBLISHED: &str = "live_variant_by_published";
const BY_MODIFIED: &str = "live_variant_by_modified";
const FACET_BY_PUBLISHED: &str = "live_facet_by_published";
const FACET_BY_MODIFIED: &str = "live_facet_by_modified";

/// The beginnings of steps that read a whole table.
const SCANS: [&str; 10] = [
    "Seq Scan on live_",
    "Bitmap Heap Scan on live_",
    "SCAN v",
    "SCAN w",
    "SCAN f",
    "SCAN o",
    "SCAN h",
    "SCAN e",
    "SCAN r",
    "SCAN live_",
];

/// What is wrong with a plan, if anything is.
fn fault(plan: &[String], index: &str, walks: usize) -> Option<String> {
    let step = |line: &String| line.trim_start().trim_start_matches("->").trim_start().to_owned();
    let steps: Vec<String> = plan.iter().map(step).collect();
    let sorts = ["Sort ", "Incremental Sort", "USE TEMP B-TREE", "Hash ", "HashAggregate", "Materialize"];
    let is = |step: &String, begins: &[&str]| {
        begins.iter().any(|begin| step.starts_with(begin) && !step.starts_with("Sort Key")) || step == "Sort"
    };
    let found = steps.iter().filter(|step| step.contains(&format!(" {index} "))).count();
    let bad = steps.iter().find(|step| is(step, &sorts) || is(step, &SCANS));
    match bad {
        Some(step) => Some(format!("`{step}`")),
        None if found < walks => Some(format!("{index} is walked {found} times instead of {walks}")),
        None => None,
    }
}

type Case = (&'static str, Vec<(Listing, Window)>, &'static str, usize);

fn listing(languages: &[&str], filter: Filter, source: Source) -> Listing {
    Listing { chain: chain(languages), filter, source }
}

fn newest_first(languages: &[&str], filter: Filter) -> Listing {
    listing(languages, filter, Source::Published { order: OrderBy::PublishedAt, ascending: false })
}

/// The lists that pages are made of, with the index that each must walk, and how often at least.
fn cases() -> Vec<Case> {
    let window = Window { after: None, before: None, limit: 21, from_end: false };
    let place = Position { at: 200 * MINUTE, article: ArticleId(Uuid::from_u128(10_000_500)) };
    let after = Window { after: Some(place), ..window };
    let before = Window { before: Some(place), from_end: true, ..window };
    let both = ["en", "ko"];
    let by_modified = |ascending| Source::Published { order: OrderBy::ModifiedAt, ascending };
    let oldest = Source::Published { order: OrderBy::PublishedAt, ascending: true };
    let all = Filter::default;
    let tagged = || Filter { tags_any: vec![tag(3)], ..all() };
    let one = |listing: Listing| vec![(listing, window)];
    let of_collection =
        |languages: &[&str]| listing(languages, all(), Source::Collection(collection(), "en".parse().unwrap()));
    let mut cases: Vec<Case> = vec![
        ("one language", one(newest_first(&["en"], all())), BY_PUBLISHED, 1),
        ("with fallback", one(newest_first(&both, all())), BY_PUBLISHED, 3),
        ("oldest first", one(listing(&both, all(), oldest.clone())), BY_PUBLISHED, 3),
        ("last changed first", one(listing(&both, all(), by_modified(false))), BY_MODIFIED, 3),
        ("by tag", one(newest_first(&["en"], tagged())), FACET_BY_PUBLISHED, 1),
        ("by tag with fallback", one(newest_first(&both, tagged())), FACET_BY_PUBLISHED, 3),
        ("by tag, last changed first", one(listing(&both, tagged(), by_modified(true))), FACET_BY_MODIFIED, 3),
        ("by author", one(newest_first(&both, Filter { authors: vec![author(2)], ..all() })), FACET_BY_PUBLISHED, 3),
        ("by section", one(newest_first(&both, Filter { sections: vec![section(1)], ..all() })), FACET_BY_PUBLISHED, 3),
        ("by kind", one(newest_first(&both, Filter { kinds: vec![Kind::News], ..all() })), FACET_BY_PUBLISHED, 3),
        (
            "by tag in a section without another tag",
            one(newest_first(
                &both,
                Filter { tags_any: vec![tag(3)], sections: vec![section(1)], tags_none: vec![tag(4)], ..all() },
            )),
            FACET_BY_PUBLISHED,
            3,
        ),
        (
            "by one of two tags",
            one(newest_first(&both, Filter { tags_any: vec![tag(1), tag(2)], ..all() })),
            BY_PUBLISHED,
            3,
        ),
        (
            "between two days",
            one(newest_first(
                &both,
                Filter { published_from: Some(MINUTE), published_before: Some(300 * MINUTE), ..all() },
            )),
            BY_PUBLISHED,
            3,
        ),
        (
            "in both languages",
            one(newest_first(&both, Filter { has_variants: chain(&["ko"]), ..all() })),
            BY_PUBLISHED,
            3,
        ),
    ];
    for (name, window) in [("behind a cursor", after), ("before a cursor, from the end", before)] {
        cases.push((name, vec![(newest_first(&both, all()), window)], BY_PUBLISHED, 3));
        cases.push((name, vec![(newest_first(&both, tagged()), window)], FACET_BY_PUBLISHED, 3));
        cases.push((name, vec![(listing(&both, all(), oldest.clone()), window)], BY_PUBLISHED, 3));
    }
    cases.push(("a collection", one(of_collection(&["en"])), "live_collection_item", 1));
    cases.push(("a collection with fallback", one(of_collection(&both)), "live_collection_item", 2));
    let several = [1, 2, 3].map(|n| (newest_first(&both, Filter { tags_any: vec![tag(n)], ..all() }), window));
    cases.push(("several lists", several.to_vec(), FACET_BY_PUBLISHED, 9));
    cases
}

/// The statements that find stories by what a reader has in hand. They have no order.
fn stories() -> Vec<(&'static str, Sql)> {
    let both = chain(&["en", "ko"]);
    let along = Along { bodies: &both, entities: true };
    let ids: Vec<ArticleId> = (1..=4).map(|n| ArticleId(Uuid::from_u128(10_000_000 + n))).collect();
    let find = |key: Key| articles::find_statement(&key, along);
    vec![
        ("a story by slug", find(Key::Slug("en".parse().unwrap(), "slug-7".to_owned()))),
        ("a story by path", find(Key::Path("/old/7".to_owned()))),
        ("a story by id", find(Key::Id(ids[0]))),
        ("stories in the best language", articles::served_statement(&ids, &both, true)),
    ]
}

async fn check(backend: DbBackend) {
    let stage = Stage::new(backend).await;
    let mut faults = Vec::new();
    for (name, lists, index, walks) in cases() {
        // The key of a collection's items is the index that keeps their order; the databases name it differently.
        let index = match (index, backend) {
            ("live_collection_item", DbBackend::Postgres) => "live_collection_item_pkey",
            ("live_collection_item", _) => "PRIMARY",
            (index, _) => index,
        };
        let plan = stage.explain(pages_statement(&lists)).await;
        if let Some(fault) = fault(&plan, index, walks) {
            faults.push(format!("{name}: {fault}\n{}", plan.join("\n")));
        }
    }
    let facets = [tag(1).0, author(2).0, section(3).0];
    let plan = stage.explain(newest_statement(&facets, &chain(&["en", "ko"]), 24)).await;
    if let Some(fault) = fault(&plan, FACET_BY_PUBLISHED, 6) {
        faults.push(format!("related stories: {fault}\n{}", plan.join("\n")));
    }
    for (name, sql) in stories() {
        let plan = stage.explain(sql).await;
        // Without an order, gathering the rows that an index names is as good as walking it.
        let is_scan = |step: &&String| SCANS.iter().any(|scan| step.contains(scan)) && !step.contains("Bitmap Heap");
        if let Some(step) = plan.iter().find(is_scan) {
            faults.push(format!("{name}: {step}\n{}", plan.join("\n")));
        }
    }
    stage.end().await;
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}

#[tokio::test]
async fn lists_walk_an_index_and_sort_nothing_on_sqlite() {
    check(DbBackend::Sqlite).await;
}

#[tokio::test]
async fn lists_walk_an_index_and_sort_nothing_on_postgresql() {
    check(DbBackend::Postgres).await;
}

#[test]
fn a_plan_that_sorts_or_reads_everything_is_noticed() {
    let plan = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let good = plan(&[
        "Limit",
        "  ->  Merge Append",
        "        Sort Key: v.at",
        "        ->  Index Scan using x on live_variant v",
    ]);
    assert_eq!(fault(&good, "x", 1), None);
    assert!(fault(&good, "x", 2).is_some() && fault(&good, "y", 1).is_some());
    let of_a_table = [(7, "SEARCH v USING INDEX x (a=?)".to_owned()), (7, "USE TEMP B-TREE FOR ORDER BY".to_owned())];
    assert_eq!(without_small_sorts(&of_a_table).len(), 2);
    let of_a_page = [(7, "SCAN part0".to_owned()), (7, "USE TEMP B-TREE FOR ORDER BY".to_owned())];
    assert_eq!(without_small_sorts(&of_a_page).len(), 1);
    for step in [
        "  ->  Sort",
        "->  Incremental Sort",
        "->  Seq Scan on live_variant v",
        "USE TEMP B-TREE FOR ORDER BY",
        "SCAN v USING INDEX x ",
    ] {
        assert!(fault(&plan(&["SEARCH v USING INDEX x (a=?)", step]), "x", 1).is_some(), "{step}");
    }
}
