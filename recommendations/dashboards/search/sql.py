"""The SQL of the search. Migrations 0045 and 0047 have its text vectors (a test compares them)."""

# Both configurations ignore accents (migration 0044), as `without_accents` does.
VECTORS = {
    "recommendation": (
        "to_tsvector('english_without_accents', m.title || ' ' || m.summary || ' ' || m.theme)"
    ),
    "name": "to_tsvector('english_without_accents', n.matched)",
    "question": "to_tsvector('english_without_accents', q.text)",
    "reply": "to_tsvector('english_without_accents', r.text)",
    "evidence": "to_tsvector('simple_without_accents', translate(e.name, '._-', '   '))",
}

# In place and not in a CTE, so that the planner knows how common the words are.
_WORDS = "websearch_to_tsquery('english_without_accents', %(text)s)"
_NAMES = "websearch_to_tsquery('simple_without_accents', %(text)s)"
_TEXT = "without_accents(%(text)s)"
_VISIBLE = "m.inspection_id = %(inspection)s AND (%(every)s OR a.body_id = %(body)s)"
_ASSIGNMENT = """
    JOIN recommendations_assignment a ON a.id = {assignment}
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
"""
_NEWEST = "ORDER BY {at} DESC LIMIT %(most)s"

# Common words are in many updates: the planner reads the newest ones until there are enough.
# It looks up rare words in the index of words.
UPDATES = f"""
    SELECT s.update_id AS key, s.submitted_at AS at, ts_rank(s.words, {_WORDS}) AS rank
    FROM recommendations_updatesearch s
    WHERE s.inspection_id = %(inspection)s AND (%(every)s OR s.body_id = %(body)s)
      AND s.words @@ {_WORDS}
    ORDER BY s.submitted_at DESC LIMIT %(most)s
"""  # noqa: S608  # nosec B608 # from constants

_LIKENESS = f"word_similarity({_TEXT}, without_accents(e.name))"
_EVIDENCE = f"""
    FROM recommendations_evidence e
    JOIN recommendations_update u ON u.id = e.update_id
    {_ASSIGNMENT.format(assignment="u.assignment_id")}
    WHERE {_VISIBLE}
"""

# Columns: kind, key, at, is_similar (to the text, without its words), rank, name of a body.
# A name of a file that is only similar is looked for if there is room for it on the first page.
HITS = f"""
WITH updates AS MATERIALIZED ({UPDATES}), evidence AS MATERIALIZED (
    SELECT e.id AS key, e.uploaded_at AS at, {_LIKENESS} AS rank
    {_EVIDENCE} AND {VECTORS["evidence"]} @@ {_NAMES}
    {_NEWEST.format(at="e.uploaded_at")}
), similar_evidence AS MATERIALIZED (
    SELECT e.id AS key, e.uploaded_at AS at, {_LIKENESS} AS rank
    {_EVIDENCE} AND {_TEXT} <%% without_accents(e.name)
      AND (SELECT count(*) FROM evidence) < %(limit)s
      AND NOT {VECTORS["evidence"]} @@ {_NAMES}
    {_NEWEST.format(at="e.uploaded_at")}
), names AS MATERIALIZED (
    SELECT n.body_id, n.shown, {VECTORS["name"]} @@ {_WORDS} AS has_words,
           word_similarity({_TEXT}, without_accents(n.matched)) AS similarity
    FROM unnest(%(bodies)s::bigint[], %(matched)s::text[], %(shown)s::text[])
        AS n (body_id, matched, shown)
), hits AS MATERIALIZED (
    SELECT 'recommendation' AS kind, m.id AS key, m.published_on::timestamptz AS at,
           false AS is_similar, 2 * ts_rank(m.words, {_WORDS}) AS rank, '' AS name
    FROM (
        SELECT m.id, i.published_on, {VECTORS["recommendation"]} AS words
        FROM recommendations_recommendation m
        JOIN recommendations_inspection i ON i.id = m.inspection_id
        WHERE m.inspection_id = %(inspection)s
        OFFSET 0  -- computes each vector once
    ) m
    WHERE m.words @@ {_WORDS}
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (body_id) 'body', body_id, 'epoch'::timestamptz, NOT has_words,
               CASE WHEN has_words THEN 1 ELSE 0 END + similarity, shown
        FROM names
        WHERE has_words OR similarity >= %(similarity)s
        ORDER BY body_id, has_words DESC, similarity DESC
    ) bodies
    UNION ALL
    SELECT 'update', key, at, false, rank, '' FROM updates
    UNION ALL
    (SELECT 'question', q.id, q.asked_at, false, ts_rank({VECTORS["question"]}, {_WORDS}), ''
    FROM recommendations_question q {_ASSIGNMENT.format(assignment="q.assignment_id")}
    WHERE {_VISIBLE} AND {VECTORS["question"]} @@ {_WORDS}
    {_NEWEST.format(at="q.asked_at")})
    UNION ALL
    (SELECT 'question', -r.id, r.replied_at, false, ts_rank({VECTORS["reply"]}, {_WORDS}), ''
    FROM recommendations_reply r
    JOIN recommendations_question q ON q.id = r.question_id
    {_ASSIGNMENT.format(assignment="q.assignment_id")}
    WHERE {_VISIBLE} AND {VECTORS["reply"]} @@ {_WORDS}
    {_NEWEST.format(at="r.replied_at")})
    UNION ALL
    SELECT 'evidence', key, at, false, rank, '' FROM evidence
    UNION ALL
    SELECT 'evidence', key, at, true, rank, '' FROM similar_evidence
)
"""  # noqa: S608  # nosec B608 # from constants

# What a result shows: its assignment, number of an update, and text.
_SHOWN = """
    SELECT NULL::bigint AS assignment_id, NULL::integer AS update_number, m.summary AS text
    FROM recommendations_recommendation m WHERE page.kind = 'recommendation' AND m.id = page.key
    UNION ALL
    SELECT NULL, NULL, page.name WHERE page.kind = 'body'
    UNION ALL
    SELECT u.assignment_id, u.number,
           concat_ws(E'\\n', u.account, nullif(u.next_steps, ''), nullif(u.blockers, ''),
                     'Approved by ' || nullif(u.signed_off_by, '') || '.')
    FROM recommendations_update u WHERE page.kind = 'update' AND u.id = page.key
    UNION ALL
    SELECT q.assignment_id, NULL, q.text
    FROM recommendations_question q WHERE page.kind = 'question' AND q.id = page.key
    UNION ALL
    SELECT q.assignment_id, NULL, r.text
    FROM recommendations_reply r JOIN recommendations_question q ON q.id = r.question_id
    WHERE page.kind = 'question' AND r.id = -page.key
    UNION ALL
    SELECT u.assignment_id, u.number, e.name
    FROM recommendations_evidence e JOIN recommendations_update u ON u.id = e.update_id
    WHERE page.kind = 'evidence' AND e.id = page.key
"""

# The first column has the numbers of hits by kind. Without results there is a row with only them.
RESULTS = f"""{HITS}
SELECT counts.by_kind, page.kind, key, at, coalesce(b.short_name, ''), coalesce(b.slug, ''),
       coalesce(m.reference, ''), coalesce(m.title, ''), update_number,
       page.kind = 'update' AND EXISTS (
           SELECT FROM recommendations_update c WHERE c.corrects_id = page.key
       ),
       ts_headline(
           'english_without_accents', translate(text, %(marks)s, ''), {_WORDS},
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
    ORDER BY is_similar, rank DESC, at DESC, kind, key
    LIMIT %(limit)s OFFSET %(offset)s
) page ON true
LEFT JOIN LATERAL ({_SHOWN}) shown ON true
LEFT JOIN recommendations_assignment a ON a.id = shown.assignment_id
LEFT JOIN recommendations_recommendation m
    ON m.id = CASE WHEN page.kind = 'recommendation' THEN key ELSE a.recommendation_id END
LEFT JOIN forces_body b ON b.id = CASE WHEN page.kind = 'body' THEN key ELSE a.body_id END
ORDER BY is_similar, rank DESC, at DESC, page.kind, key
"""  # noqa: S608  # nosec B608 # from constants

SUGGESTIONS = f"""
SELECT b.name, b.slug FROM (
    SELECT n.body_id, max(word_similarity({_TEXT}, without_accents(n.matched))) AS similarity
    FROM unnest(%(bodies)s::bigint[], %(matched)s::text[]) AS n (body_id, matched)
    GROUP BY n.body_id
) similar_names JOIN forces_body b ON b.id = body_id
WHERE similarity > 0.3 ORDER BY similarity DESC, b.name LIMIT 3
"""  # noqa: S608  # nosec B608 # from constants
