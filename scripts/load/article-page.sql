-- The best single statement that we found for examples/queries/article-page.graphql on the same tables.
\set n random(0, :articles - 1)
WITH page AS (
  SELECT v.* FROM live_address a JOIN live_variant v ON v.article_id = a.target_id AND v.language = 'ko'
  WHERE a.kind = 'article' AND a.scope = 'ko' AND a.address = '기사-' || :n
)
SELECT v.id, v.article_id, v.published_at, v.modified_at, v.card, v.body,
  (SELECT json_agg(json_build_object('language', s.language, 'card', s.card))
   FROM live_variant s WHERE s.article_id = v.article_id) AS alternates,
  (SELECT json_agg(e.doc) FROM live_reference r JOIN live_entity e ON e.id = r.entity_id
   WHERE r.article_id = v.article_id AND r.language = v.language) AS entities,
  (SELECT json_agg(json_build_object('card', t.card, 'image', (
      SELECT e.doc FROM live_reference r JOIN live_entity e ON e.id = r.entity_id AND e.kind = 'image'
      WHERE r.article_id = t.article_id AND r.language = t.language LIMIT 1)) ORDER BY c.position)
   FROM article_related c JOIN live_variant t ON t.article_id = c.target_id AND t.language = 'ko'
   WHERE c.article_id = v.article_id) AS related
FROM page v;
