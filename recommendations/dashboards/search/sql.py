"""The SQL of the search. Its text vectors are those of the indexes in migration 0013."""

# The migration that creates the indexes repeats these expressions; a test compares them.
VECTORS = {
    "recommendation": "to_tsvector('english', m.title || ' ' || m.summary || ' ' || m.theme)",
    "body": "to_tsvector('english', b.name || ' ' || b.short_name || ' ' || b.description)",
    "update": "to_tsvector('english', u.account || ' ' || u.next_steps || ' ' || u.blockers)",
    "question": "to_tsvector('english', q.text)",
    "reply": "to_tsvector('english', r.text)",
    "evidence": "to_tsvector('simple', translate(e.name, '._-', '   '))",
}

_WORDS = "websearch_to_tsquery('english', %(text)s)"  # in place, so that the planner knows it
_NAMES = "websearch_to_tsquery('simple', %(text)s)"
_VISIBLE = "JOIN visible v ON v.id = {assignment}"
_MATCHING_UPDATES = f"""
    SELECT u.id, u.number, u.submitted_at, u.account, u.next_steps, u.blockers,
           v.short_name, v.slug, v.reference AS of_reference, v.title
    FROM (
        SELECT * FROM recommendations_update u
        WHERE {VECTORS["update"]} @@ {_WORDS} AND PERIOD
          AND (%(every)s OR u.assignment_id = ANY(ARRAY(SELECT id FROM visible)))
        OFFSET 0  -- keeps the plan to the indexes: it would compute the vectors of many updates
    ) u
    {_VISIBLE.format(assignment="u.assignment_id")}
    ORDER BY u.submitted_at DESC, u.id LIMIT %(most_updates)s
"""  # noqa: S608  # nosec B608 # from constants

# The newest updates first: to read and rank all with a common word would take seconds. Older ones
# are only looked for if there is room for them.
_UPDATES = f"""
newest AS MATERIALIZED ({_MATCHING_UPDATES.replace("PERIOD", "u.submitted_at >= %(since)s")}),
updates AS (
    SELECT *, row_number() OVER (ORDER BY submitted_at DESC, id) <= %(ranked_updates)s AS is_ranked
    FROM (
        SELECT * FROM newest
        UNION ALL
        SELECT * FROM ({_MATCHING_UPDATES.replace("PERIOD", "u.submitted_at < %(since)s")}) older
        WHERE (SELECT count(*) FROM newest) < %(most_updates)s
    ) both_periods
    ORDER BY submitted_at DESC, id LIMIT %(most_updates)s
)
"""  # noqa: S608  # nosec B608 # from constants

# Columns: kind, key, at, rank, text, body, slug, reference, title, fragment (of a URL).
HITS = f"""
WITH visible AS MATERIALIZED (
    SELECT a.id, b.short_name, b.slug, m.reference, m.title
    FROM recommendations_assignment a
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    WHERE m.inspection_id = %(inspection)s
      AND (%(every)s OR a.body_id = ANY(%(bodies)s))
), {_UPDATES}, hits AS MATERIALIZED (
    SELECT 'recommendation' AS kind, m.id AS key, i.published_on::timestamptz AS at,
           2 * ts_rank({VECTORS["recommendation"]}, {_WORDS}) AS rank,
           m.summary AS text, '' AS body, '' AS slug, m.reference, m.title, '' AS fragment
    FROM recommendations_recommendation m
    JOIN recommendations_inspection i ON i.id = m.inspection_id
    WHERE m.inspection_id = %(inspection)s AND {VECTORS["recommendation"]} @@ {_WORDS}
    UNION ALL
    SELECT 'body', b.id, 'epoch'::timestamptz,
           1 + word_similarity(%(text)s, b.name), b.name, b.short_name, b.slug, '', '', ''
    FROM forces_body b
    WHERE {VECTORS["body"]} @@ {_WORDS} OR %(text)s <%% b.name
    UNION ALL
    SELECT 'update', u.id, u.submitted_at,
           CASE WHEN is_ranked THEN ts_rank({VECTORS["update"]}, {_WORDS}) ELSE 0 END,
           concat_ws(E'\\n', u.account, nullif(u.next_steps, ''), nullif(u.blockers, '')),
           u.short_name, u.slug, u.of_reference, u.title, 'update-' || u.number
    FROM updates u
    UNION ALL
    SELECT 'question', q.id, q.asked_at, ts_rank({VECTORS["question"]}, {_WORDS}), q.text,
           v.short_name, v.slug, v.reference, v.title, 'questions'
    FROM recommendations_question q
    {_VISIBLE.format(assignment="q.assignment_id")}
    WHERE {VECTORS["question"]} @@ {_WORDS}
    UNION ALL
    SELECT 'question', -r.id, r.replied_at, ts_rank({VECTORS["reply"]}, {_WORDS}), r.text,
           v.short_name, v.slug, v.reference, v.title, 'questions'
    FROM recommendations_reply r
    JOIN recommendations_question q ON q.id = r.question_id
    {_VISIBLE.format(assignment="q.assignment_id")}
    WHERE {VECTORS["reply"]} @@ {_WORDS}
    UNION ALL
    SELECT 'evidence', e.id, e.uploaded_at, word_similarity(%(text)s, e.name), e.name,
           v.short_name, v.slug, v.reference, v.title, 'update-' || u.number
    FROM recommendations_evidence e
    JOIN recommendations_update u ON u.id = e.update_id
    {_VISIBLE.format(assignment="u.assignment_id")}
    WHERE ({VECTORS["evidence"]} @@ {_NAMES} OR %(text)s <%% e.name)
)
"""  # noqa: S608  # nosec B608 # from constants

# The first column has the numbers of hits by kind. Without results there is a row with only them.
RESULTS = f"""{HITS}
SELECT counts.by_kind, kind, key, at, body, slug, reference, title, fragment,
       kind = 'update' AND EXISTS (
           SELECT FROM recommendations_update c WHERE c.corrects_id = page.key
       ),
       ts_headline(
           'english', translate(text, %(marks)s, ''), {_WORDS},
           'StartSel=' || left(%(marks)s, 1) || ', StopSel=' || right(%(marks)s, 1)
           || ', MaxFragments=2, MaxWords=34, MinWords=14, FragmentDelimiter=" … "'
       )
FROM (
    SELECT coalesce(jsonb_object_agg(kind, number), '{{}}') AS by_kind
    FROM (SELECT kind, count(*) AS number FROM hits GROUP BY kind) kinds
) counts
LEFT JOIN (
    SELECT * FROM hits
    WHERE %(kind)s IN ('', kind)
    ORDER BY rank DESC, at DESC, kind, key
    LIMIT %(limit)s OFFSET %(offset)s
) page ON true
ORDER BY rank DESC, at DESC, kind, key
"""  # noqa: S608  # nosec B608 # from constants

SUGGESTIONS = """
SELECT name, slug FROM forces_body
WHERE word_similarity(%(text)s, name) > 0.3
ORDER BY word_similarity(%(text)s, name) DESC, name LIMIT 3
"""
