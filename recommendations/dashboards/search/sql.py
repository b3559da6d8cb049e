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

_VISIBLE = "JOIN visible v ON v.id = {assignment}"
_UPDATE_RANK = f"ts_rank({VECTORS['update']}, words)"
_UPDATE_IS_OLD = "EXISTS (SELECT FROM recommendations_update c WHERE c.corrects_id = u.id)"
_NEWEST = "ORDER BY u.submitted_at DESC LIMIT %(most_updates)s"

# Columns: kind, key, at, rank, text, body, slug, number, title, fragment (of a URL), is_old.
HITS = f"""
WITH query AS MATERIALIZED (
    SELECT websearch_to_tsquery('english', %(text)s) AS words,
           websearch_to_tsquery('simple', %(text)s) AS names
), visible AS MATERIALIZED (
    SELECT a.id, b.short_name, b.slug, m.number, m.title
    FROM recommendations_assignment a
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    WHERE m.inspection_id = %(inspection)s
      AND (%(every)s OR a.body_id = ANY(%(bodies)s))
), hits AS (
    SELECT 'recommendation' AS kind, m.id AS key, i.published_on::timestamptz AS at,
           2 * ts_rank({VECTORS["recommendation"]}, words) AS rank,
           m.summary AS text, '' AS body, '' AS slug, m.number, m.title, '' AS fragment,
           false AS is_old
    FROM query, recommendations_recommendation m
    JOIN recommendations_inspection i ON i.id = m.inspection_id
    WHERE m.inspection_id = %(inspection)s AND {VECTORS["recommendation"]} @@ words
    UNION ALL
    SELECT 'body', b.id, 'epoch'::timestamptz,
           1 + word_similarity(%(text)s, b.name), b.name, b.short_name, b.slug, 0, '', '', false
    FROM query, forces_body b
    WHERE {VECTORS["body"]} @@ words OR %(text)s <%% b.name
    UNION ALL
    (SELECT 'update', u.id, u.submitted_at, {_UPDATE_RANK},
           concat_ws(E'\\n', u.account, nullif(u.next_steps, ''), nullif(u.blockers, '')),
           v.short_name, v.slug, v.number, v.title, 'update-' || u.number, {_UPDATE_IS_OLD}
    FROM query CROSS JOIN LATERAL (
        SELECT * FROM recommendations_update u WHERE {VECTORS["update"]} @@ words
        OFFSET 0  -- keeps the plan to the index: it would read every update of the inspection
    ) u
    {_VISIBLE.format(assignment="u.assignment_id")}
    {_NEWEST})
    UNION ALL
    SELECT 'question', q.id, q.asked_at, ts_rank({VECTORS["question"]}, words), q.text,
           v.short_name, v.slug, v.number, v.title, 'questions', false
    FROM query, recommendations_question q
    {_VISIBLE.format(assignment="q.assignment_id")}
    WHERE {VECTORS["question"]} @@ words
    UNION ALL
    SELECT 'question', -r.id, r.replied_at, ts_rank({VECTORS["reply"]}, words), r.text,
           v.short_name, v.slug, v.number, v.title, 'questions', false
    FROM query, recommendations_reply r
    JOIN recommendations_question q ON q.id = r.question_id
    {_VISIBLE.format(assignment="q.assignment_id")}
    WHERE {VECTORS["reply"]} @@ words
    UNION ALL
    SELECT 'evidence', e.id, e.uploaded_at, word_similarity(%(text)s, e.name), e.name,
           v.short_name, v.slug, v.number, v.title, 'update-' || u.number, false
    FROM query, recommendations_evidence e
    JOIN recommendations_update u ON u.id = e.update_id
    {_VISIBLE.format(assignment="u.assignment_id")}
    WHERE ({VECTORS["evidence"]} @@ names OR %(text)s <%% e.name)
)
"""  # noqa: S608  # nosec B608 # from constants

# Without what is slow for many updates, which PostgreSQL would compute although nothing reads it.
_UNRANKED = HITS.replace(_UPDATE_RANK, "0").replace(_UPDATE_IS_OLD, "false").replace(_NEWEST, "")
COUNTS = f"{_UNRANKED} SELECT kind, count(*) FROM hits GROUP BY kind"  # noqa: S608  # nosec B608 # from constants

PAGE = f"""{HITS}
SELECT kind, key, at, body, slug, number, title, fragment, is_old,
       ts_headline(
           'english', translate(text, %(marks)s, ''), words,
           'StartSel=' || left(%(marks)s, 1) || ', StopSel=' || right(%(marks)s, 1)
           || ', MaxFragments=2, MaxWords=34, MinWords=14, FragmentDelimiter=" … "'
       )
FROM (
    SELECT * FROM hits
    WHERE %(kind)s IN ('', kind)
    ORDER BY rank DESC, at DESC, kind, key
    LIMIT %(limit)s OFFSET %(offset)s
) page, query
ORDER BY rank DESC, at DESC, kind, key
"""  # noqa: S608  # nosec B608 # from constants

SUGGESTIONS = """
SELECT name, slug FROM forces_body
WHERE word_similarity(%(text)s, name) > 0.3
ORDER BY word_similarity(%(text)s, name) DESC, name LIMIT 3
"""
