-- The best single statement that we found for scripts/load/front-page.graphql on the same tables: twenty stories of
-- English readers with fallback to Korean, and everything that they refer to, each once.
WITH page AS (
  SELECT * FROM (
    SELECT v.published_at, v.article_id, v.language, v.card FROM live_variant v WHERE v.language = 'en'
    UNION ALL
    SELECT v.published_at, v.article_id, v.language, v.card FROM live_variant v WHERE v.language = 'ko'
      AND NOT EXISTS (SELECT 1 FROM live_variant o WHERE o.article_id = v.article_id AND o.language = 'en')
  ) both_languages ORDER BY published_at DESC, article_id DESC LIMIT 20
)
SELECT (SELECT json_agg(json_build_object('language', language, 'at', published_at, 'card', card)
          ORDER BY published_at DESC, article_id DESC) FROM page) AS stories,
  (SELECT json_agg(e.doc) FROM live_entity e WHERE e.kind IN ('section', 'author', 'image') AND e.id IN (
    SELECT r.entity_id FROM page p JOIN live_reference r ON r.article_id = p.article_id AND r.language = p.language
  )) AS entities;
