-- The best single statement that we found for scripts/load/front-page.graphql on the same tables: twenty stories of
-- English readers with fallback to Korean, and everything that they refer to, each once.
WITH page AS (
  SELECT * FROM (
    (SELECT v.published_at, v.article_id, v.language, v.card FROM live_variant v WHERE v.language = 'en'
     ORDER BY v.published_at DESC, v.article_id DESC LIMIT 20)
    UNION ALL
    (SELECT v.published_at, v.article_id, v.language, v.card FROM live_variant v WHERE v.language = 'ko'
      AND v.published_at >= (SELECT p.published_at FROM live_variant p WHERE p.language = 'en'
        ORDER BY p.published_at DESC, p.article_id DESC LIMIT 1 OFFSET 19)
      AND NOT EXISTS (SELECT 1 FROM live_variant o WHERE o.article_id = v.article_id AND o.language = 'en' LIMIT 1 OFFSET 0)
     ORDER BY v.published_at DESC, v.article_id DESC LIMIT 20)
  ) both_languages ORDER BY published_at DESC, article_id DESC LIMIT 20
)
SELECT (SELECT json_agg(json_build_object('language', language, 'at', published_at, 'card', card)
          ORDER BY published_at DESC, article_id DESC) FROM page) AS stories,
  (SELECT json_agg(e.doc) FROM live_entity e WHERE e.kind IN ('section', 'author', 'image') AND e.id IN (
    SELECT r.entity_id FROM page p JOIN live_reference r ON r.article_id = p.article_id AND r.language = p.language
  )) AS entities;
